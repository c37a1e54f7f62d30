"""Replays: a partner asks to be told again."""
