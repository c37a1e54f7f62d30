"""What the suite says of itself while it works."""
