"""Direct payments: ordered at the bank when the ledger says that one is made."""
