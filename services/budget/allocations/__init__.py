"""Allocations: money that becomes the person's to spend bit by bit."""
