"""The Python client of the gateway, and what generates it."""
