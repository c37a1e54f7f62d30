"""Consent: to what a person agreed, for whom."""
