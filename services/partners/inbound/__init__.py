"""Inbound: what partners' systems send, until it is answered."""
