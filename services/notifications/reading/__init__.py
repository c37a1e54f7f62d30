"""How hard words are to read, and what they must not give away."""
