"""Direct payments: how their transfers ended at the bank."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPaymentPaid(Event):
    """The bank has paid a direct payment to the person or their nominee."""

    event_type: ClassVar[str] = "payments.direct_payment_paid.v1"
    subject_id: ClassVar[str] = "payment_id"
    business_key: ClassVar[str] = "payment_id"
    payment_id: UUID
    budget_id: UUID
    amount_pence: int
    has_failed_before: bool  # ``direct_payment_failed`` was told of it, and holds no more
    person_id: UUID | None = None  # an earlier release did not tell it


class DirectPaymentPaidSchema(EventSchema):
    event_class = DirectPaymentPaid
    payment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    amount_pence = pence()
    has_failed_before = fields.Boolean(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPaymentFailed(Event):
    """The bank could not pay a direct payment: its money is free again, unless it is paid late."""

    event_type: ClassVar[str] = "payments.direct_payment_failed.v1"
    subject_id: ClassVar[str] = "payment_id"
    business_key: ClassVar[str] = "payment_id"
    payment_id: UUID
    budget_id: UUID
    amount_pence: int


class DirectPaymentFailedSchema(EventSchema):
    event_class = DirectPaymentFailed
    payment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    amount_pence = pence()
