"""Silence: a partner of whom nothing was heard for longer than it agreed."""
