"""What assessment tells of referrals."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(Event):
    """Somebody asked for a budget for a person; an answer is due by a date."""

    event_type: ClassVar[str] = "assessment.referral_received.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    source: str  # nhs, council, voluntary_sector, family, person
    organisation: str | None
    answer_due_on: date


class ReferralReceivedSchema(EventSchema):
    event_class = ReferralReceived
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    source = words()
    organisation = words(may_be_missing=True)
    answer_due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRefused(Event):
    """A budget was refused before any assessment; the person hears why and how to appeal."""

    event_type: ClassVar[str] = "assessment.referral_refused.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    refusal_id: UUID
    referral_id: UUID
    person_id: UUID
    because: str
    alternatives: list[str]
    appeal_route: str


class ReferralRefusedSchema(EventSchema):
    event_class = ReferralRefused
    refusal_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    because = words()
    alternatives = fields.List(fields.String(), required=True)
    appeal_route = words()
