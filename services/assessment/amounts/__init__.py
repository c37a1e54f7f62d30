"""Amounts: from levels of need to lines that add up, and the words of each line."""
