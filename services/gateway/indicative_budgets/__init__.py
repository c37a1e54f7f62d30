"""Indicative budgets: offered, explained, told, declined."""
