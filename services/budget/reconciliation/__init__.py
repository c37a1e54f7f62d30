"""Reconciliation: what the bank and the card programme say, matched with what the ledger says."""
