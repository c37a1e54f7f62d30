"""Funders and pools, what was written down wrongly, year ends, and the books as reports."""
