"""Payees: who is paid through the bank, with details that two people have looked at."""
