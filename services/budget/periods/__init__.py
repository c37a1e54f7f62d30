"""Periods of a pool's books: open, closing and closed, and what was known when."""
