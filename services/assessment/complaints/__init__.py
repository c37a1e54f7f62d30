"""Complaints: heard outside the care team, and read only by who answers them."""
