"""Receipts: what was bought, shown. The files lie encrypted in a directory, found by digest."""
