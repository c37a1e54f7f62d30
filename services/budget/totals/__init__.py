"""Totals of days and months: what an account came to, without reading all its postings."""
