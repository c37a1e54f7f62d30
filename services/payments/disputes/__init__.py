"""Disputes: asking money back through the card network, with a last day and a clear end."""
