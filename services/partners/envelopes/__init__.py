"""Envelopes: the form in which every message of a partner travels."""
