"""Differences: what changed from one version of a plan to another, in sentences."""
