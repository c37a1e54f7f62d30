"""Holds: what the ledger's answers set going, and giving money back that is not needed."""
