"""Closing the books of a pool, signed by its partners."""
