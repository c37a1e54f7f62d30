"""Documents as bytes: JSON, CSV and PDF."""
