"""Whose record a call to notifications is about: how each id leads to a person."""

from access.scope import Access, itself

ACCESS = Access(service="notifications", ways={"person_id": itself})
