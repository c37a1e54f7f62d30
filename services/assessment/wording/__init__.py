"""Wording: how the lines of a calculation are put into words, for each language."""
