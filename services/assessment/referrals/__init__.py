"""Referrals: the case that a request for a budget makes, its lock, and what came of it."""
