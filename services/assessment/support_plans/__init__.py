"""Support plans: what a person wants to do with the money, version by version."""
