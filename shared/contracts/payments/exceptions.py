"""What went another way than it should, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRaised(Event):
    """Money or a message went another way than it should: somebody has to look."""

    event_type: ClassVar[str] = "payments.exception_raised.v1"
    subject_id: ClassVar[str] = "exception_id"
    exception_id: UUID
    kind: str
    purchase_id: UUID | None  # None: it belongs to no purchase
    amount_pence: int
    role: str  # whose it is
    due_at: datetime


class ExceptionRaisedSchema(EventSchema):
    event_class = ExceptionRaised
    exception_id = fields.UUID(required=True)
    kind = words()
    purchase_id = fields.UUID(required=True, allow_none=True)
    amount_pence = pence()
    role = words()
    due_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionResolved(Event):
    """Somebody looked, and said how it ended."""

    event_type: ClassVar[str] = "payments.exception_resolved.v1"
    subject_id: ClassVar[str] = "exception_id"
    exception_id: UUID
    resolution: str


class ExceptionResolvedSchema(EventSchema):
    event_class = ExceptionResolved
    exception_id = fields.UUID(required=True)
    resolution = words()
