"""Partners: messages to and from the systems of NHS bodies and councils."""
