"""Addresses and people that must not be written to by a channel, with the reason."""
