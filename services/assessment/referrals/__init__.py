"""Referrals: somebody asks for a budget for a person, and what came of it."""
