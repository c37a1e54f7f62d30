"""Colleagues who are named as the second person, and where they are written to at work."""
