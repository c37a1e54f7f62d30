"""Explanation: what would change an amount, said beside its lines."""
