"""Limits: who may ask for how much alone, and who may approve how much of another's asking."""
