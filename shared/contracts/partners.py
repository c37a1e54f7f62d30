"""What the partners' door tells the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRejected(Event):
    """A message of a partner's system had no effect; the partner was told why."""

    event_type: ClassVar[str] = "partners.message_rejected.v1"
    subject_id: ClassVar[str] = "rejection_id"
    rejection_id: UUID  # of the reply
    partner: str
    message_type: str
    code: str


class MessageRejectedSchema(EventSchema):
    event_class = MessageRejected
    rejection_id = fields.UUID(required=True)
    partner = words()
    message_type = words()
    code = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSilent(Event):
    """A partner has fetched nothing and sent nothing for longer than it agreed."""

    event_type: ClassVar[str] = "partners.partner_silent.v1"
    subject_id: ClassVar[str] = "silence_id"
    silence_id: UUID
    partner: str
    silent_since: datetime


class PartnerSilentSchema(EventSchema):
    event_class = PartnerSilent
    silence_id = fields.UUID(required=True)
    partner = words()
    silent_since = fields.AwareDateTime(required=True)
