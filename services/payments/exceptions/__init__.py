"""Exceptions: what went another way than it should and waits for somebody to look."""
