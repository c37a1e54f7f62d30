"""Alembic for every service: its revisions lie in ``services/<service>/migrations/versions``."""
