"""Statements and exports for a period, filled from the books as they were known at an instant."""
