"""Requesting: asking for a purchase, and whether somebody else has to approve it."""
