"""Whose record a call to assessment is about: how each id leads to a person."""

from access.scope import Access, itself

ACCESS = Access(service="assessment", ways={"person_id": itself})
