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


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFrozen(Event):
    """Nothing is approved on a card until it is unfrozen."""

    event_type: ClassVar[str] = "payments.card_frozen.v1"
    subject_id: ClassVar[str] = "card_id"
    card_id: UUID
    purchase_id: UUID


class CardFrozenSchema(EventSchema):
    event_class = CardFrozen
    card_id = fields.UUID(required=True)
    purchase_id = fields.UUID(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnfrozen(Event):
    """A card that was frozen can pay again."""

    event_type: ClassVar[str] = "payments.card_unfrozen.v1"
    subject_id: ClassVar[str] = "card_id"
    card_id: UUID
    purchase_id: UUID


class CardUnfrozenSchema(EventSchema):
    event_class = CardUnfrozen
    card_id = fields.UUID(required=True)
    purchase_id = fields.UUID(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReplaced(Event):
    """A card was lost or stolen, and another took its place."""

    event_type: ClassVar[str] = "payments.card_replaced.v1"
    subject_id: ClassVar[str] = "card_id"
    card_id: UUID
    purchase_id: UUID
    replaced_by: UUID


class CardReplacedSchema(EventSchema):
    event_class = CardReplaced
    card_id = fields.UUID(required=True)
    purchase_id = fields.UUID(required=True)
    replaced_by = fields.UUID(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardClosed(Event):
    """A card was closed by somebody, or when no refund was waited for any more.

    With a purchase that is called off its card closes too, and nothing more is told.
    """

    event_type: ClassVar[str] = "payments.card_closed.v1"
    subject_id: ClassVar[str] = "card_id"
    card_id: UUID
    purchase_id: UUID


class CardClosedSchema(EventSchema):
    event_class = CardClosed
    card_id = fields.UUID(required=True)
    purchase_id = fields.UUID(required=True)
