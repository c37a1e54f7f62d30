"""Settlement: the issuer's file of a day, held against what it told us and what the ledger booked.

Lines of bank statements are matched by budget (`services/budget/reconciliation`), and only there.
"""
