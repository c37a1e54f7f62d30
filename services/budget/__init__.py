"""The double-entry ledger of one person's budget and its funders."""
