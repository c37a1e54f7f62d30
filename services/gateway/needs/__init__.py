"""Needs: what was seen, who agrees with it, what present support prevents."""
