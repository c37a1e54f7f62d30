"""Money coming in: what each funder was called for, and when the budget becomes active."""
