"""Money on cards that belongs to no purchase."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence, version


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedMoneyChanged(Event):
    """What moved on a card and belongs to no purchase, as absolute amounts; 0 once it is placed."""

    event_type: ClassVar[str] = "payments.unmatched_money_changed.v1"
    subject_id: ClassVar[str] = "card_id"
    business_key: ClassVar[str] = "version"
    card_id: UUID  # ours, for a card that is none of ours
    version: int
    taken_pence: int
    returned_pence: int


class UnmatchedMoneyChangedSchema(EventSchema):
    event_class = UnmatchedMoneyChanged
    card_id = fields.UUID(required=True)
    version = version()
    taken_pence = pence()
    returned_pence = pence()
