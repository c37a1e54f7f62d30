"""Referrals: asked for a budget, talked about, refused."""
