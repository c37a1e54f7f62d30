"""What the card network asked and was answered no."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence, words


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationDeclined(Event):
    """The card network asked whether a card may pay, and the answer was no.

    A yes is not told: nobody acts on it, and what it does to the money is in
    ``purchase_amounts_changed`` (decision record 0015).
    """

    event_type: ClassVar[str] = "payments.authorisation_declined.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    person_id: UUID
    amount_pence: int  # that the shop asked for
    code: str
    reason: str
    next_step: str


class AuthorisationDeclinedSchema(EventSchema):
    event_class = AuthorisationDeclined
    purchase_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    amount_pence = pence()
    code = words()
    reason = words()
    next_step = words()
