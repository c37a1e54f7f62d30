"""Crises: the crisis plan in force, for longer, and no more."""
