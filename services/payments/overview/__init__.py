"""Overview: purchases with everything that belongs to them, for people to read."""
