"""Calculations: everything that goes into one, to keep it and to work it out again."""
