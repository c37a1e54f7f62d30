"""Sending messages by a provider, and the receipts that come back."""
