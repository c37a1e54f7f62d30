"""Fetching: asking the issuer what it did not tell, and what it could not deliver."""
