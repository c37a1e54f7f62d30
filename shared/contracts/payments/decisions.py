"""What the card network asked, and the answer."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence, words


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationDecided(Event):
    """The card network asked whether a card may pay, and was answered."""

    event_type: ClassVar[str] = "payments.authorisation_decided.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    person_id: UUID
    is_approved: bool
    amount_pence: int  # that the shop asked for
    approved_pence: int  # less where the shop takes a part
    code: str
    reason: str
    next_step: str


class AuthorisationDecidedSchema(EventSchema):
    event_class = AuthorisationDecided
    purchase_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    is_approved = fields.Boolean(required=True)
    amount_pence = pence()
    approved_pence = pence()
    code = words()
    reason = words()
    next_step = words()
