"""What assessment tells of consent."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """An organisation is told nothing more for a purpose. What was agreed before stands."""

    event_type: ClassVar[str] = "assessment.consent_withdrawn.v1"
    subject_id: ClassVar[str] = "withdrawal_id"
    withdrawal_id: UUID
    person_id: UUID
    purpose: str  # assessment, support_plan, quote
    organisation: str
    withdrawn_on: date


class ConsentWithdrawnSchema(EventSchema):
    event_class = ConsentWithdrawn
    withdrawal_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    purpose = words()
    organisation = words()
    withdrawn_on = fields.Date(required=True)
