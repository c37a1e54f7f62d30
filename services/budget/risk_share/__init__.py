"""Overspends and underspends at the end of a year, shared by the rule of a pool."""
