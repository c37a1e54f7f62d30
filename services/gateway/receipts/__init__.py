"""Receipts. The file itself is sent to the one-time address that is answered, not here."""
