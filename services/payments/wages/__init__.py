"""Wages of personal assistants: hours times rate, paid by bank transfer."""
