"""Purchases: asked for, approved, paid, evidenced; their cards and receipts."""
