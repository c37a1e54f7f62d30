"""Statements and exports as they are: figures, days and words, ready to be rendered."""
