"""Deadlines: who has to do something on a case, since when, and by when."""
