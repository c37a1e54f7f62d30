"""Exclusions: what a budget may not pay for; dated data, each with who set it, and why."""
