"""Outbound: what partners' systems are told."""
