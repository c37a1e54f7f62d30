"""Support plans: talked over, written, submitted, compared."""
