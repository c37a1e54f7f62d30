"""Consent: to what a person agreed, for which organisation, and until when."""
