"""Accounts, journals and the bookkeeper that writes them."""
