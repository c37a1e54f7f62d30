"""Purchases: asked for, held, paid by card or bank transfer, booked and evidenced."""
