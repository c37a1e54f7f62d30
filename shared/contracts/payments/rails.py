"""Whether money can be moved."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, count, words


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRailDegraded(Event):
    """The issuer or the bank cannot be reached; what is queued stays queued."""

    event_type: ClassVar[str] = "payments.payment_rail_degraded.v1"
    subject_id: ClassVar[str] = "outage_id"
    outage_id: UUID
    rail: str  # issuer or bank
    failures: int  # in a row


class PaymentRailDegradedSchema(EventSchema):
    event_class = PaymentRailDegraded
    outage_id = fields.UUID(required=True)
    rail = words()
    failures = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRailRestored(Event):
    """The issuer or the bank answers again, and what was queued goes on."""

    event_type: ClassVar[str] = "payments.payment_rail_restored.v1"
    subject_id: ClassVar[str] = "outage_id"
    outage_id: UUID
    rail: str
    degraded_at: datetime


class PaymentRailRestoredSchema(EventSchema):
    event_class = PaymentRailRestored
    outage_id = fields.UUID(required=True)
    rail = words()
    degraded_at = fields.AwareDateTime(required=True)
