"""Catalogue: what a type of message is."""
