"""Whose record a call to budget is about: how each id leads to a person."""

from access.scope import Access, itself

ACCESS = Access(service="budget", ways={"person_id": itself})
