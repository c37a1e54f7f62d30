"""Money paid to the person, and what they show of it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence, words


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPaymentMade(Event):
    """A direct payment for one period counts as made: the money is the person's to spend."""

    event_type: ClassVar[str] = "budget.direct_payment_made.v1"
    subject_id: ClassVar[str] = "payment_id"
    business_key: ClassVar[str] = "payment_id"
    payment_id: UUID
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    period_starts_on: date


class DirectPaymentMadeSchema(EventSchema):
    event_class = DirectPaymentMade
    payment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    period_starts_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPaymentNotMade(Event):
    """A direct payment that is due could not be made; it is tried again. Once for each reason."""

    event_type: ClassVar[str] = "budget.direct_payment_not_made.v1"
    subject_id: ClassVar[str] = "payment_id"
    payment_id: UUID  # of the payment that would have been made
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    period_starts_on: date
    code: str  # of the refusal


class DirectPaymentNotMadeSchema(EventSchema):
    event_class = DirectPaymentNotMade
    payment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    period_starts_on = fields.Date(required=True)
    code = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOverdue(Event):
    """For twelve weeks it was not shown what direct payments for an item were spent on."""

    event_type: ClassVar[str] = "budget.return_overdue.v1"
    subject_id: ClassVar[str] = "item_id"
    business_key: ClassVar[str] = "since_on"
    budget_id: UUID
    person_id: UUID
    item_id: UUID
    unevidenced_pence: int
    since_on: date  # of the oldest payment that is not wholly evidenced


class ReturnOverdueSchema(EventSchema):
    event_class = ReturnOverdue
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    unevidenced_pence = pence()
    since_on = fields.Date(required=True)
