"""Trials: what an exclusion would have refused of the last days, before it applies to anybody."""
