"""Periods of a pool's books: open, closing and closed."""
