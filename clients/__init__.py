"""Clients of the suite: for those who call it from outside."""
