"""Reasons: what a decision must say, of each item and of the whole."""
