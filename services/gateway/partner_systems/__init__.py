"""Partners' own systems: a signed assertion for a token of a few minutes."""
