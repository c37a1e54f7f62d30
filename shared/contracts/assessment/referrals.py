"""What assessment tells of referrals."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(Event):
    """Somebody asked for a budget for a person; an answer is due by a date."""

    event_type: ClassVar[str] = "assessment.referral_received.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    organisation: str
    answer_due_on: date


class ReferralReceivedSchema(EventSchema):
    event_class = ReferralReceived
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    organisation = words()
    answer_due_on = fields.Date(required=True)
