"""Decisions: may this card pay? Answered from our own tables, at once."""
