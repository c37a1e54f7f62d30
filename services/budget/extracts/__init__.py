"""Extracts of the books: journals, postings and what was held, as it was known at an instant."""
