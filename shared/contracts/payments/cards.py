"""Cards, by our own ids."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class CardIssued(Event):
    """A virtual card exists for one purchase. Its number is known to the issuer alone."""

    event_type: ClassVar[str] = "payments.card_issued.v1"
    subject_id: ClassVar[str] = "card_id"
    card_id: UUID
    purchase_id: UUID


class CardIssuedSchema(EventSchema):
    event_class = CardIssued
    card_id = fields.UUID(required=True)
    purchase_id = fields.UUID(required=True)
