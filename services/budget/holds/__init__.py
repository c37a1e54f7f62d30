"""Money set aside for purchases, and what became of it."""
