"""Referrals: somebody asks for a budget for a person."""
