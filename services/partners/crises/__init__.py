"""Crises: a person's own crisis plan."""
