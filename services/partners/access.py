"""Whose record a call to partners is about: messages are a partner's, and a person's through it."""

from access.scope import Access
from access.ways import itself

ACCESS = Access(
    service="partners",
    ways={"person_id": itself},
    about_nobody=frozenset({"health", "message", "totals"}),
    about_many=frozenset({"open_tasks", "replay"}),
)
