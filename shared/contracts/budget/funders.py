"""Who is written to at an organisation that pays into budgets."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderContactNamed(Event):
    """Somebody at an organisation hears of what concerns its money, at work; or nobody does."""

    event_type: ClassVar[str] = "budget.funder_contact_named.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "funder_id"
    business_key: ClassVar[str] = "version"
    funder_id: UUID
    version: int
    name: str | None  # with the address, or both are missing
    email: str | None


class FunderContactNamedSchema(EventSchema):
    event_class = FunderContactNamed
    funder_id = fields.UUID(required=True)
    version = version()
    name = words(may_be_missing=True)
    email = words(may_be_missing=True)
