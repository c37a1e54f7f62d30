"""Complaints: outside the care team."""
