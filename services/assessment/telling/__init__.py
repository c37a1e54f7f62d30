"""Telling: whether the person knows the amount, and from whom."""
