"""People: what they are called, how they are reached, and who works with them."""
