"""What shows that something was bought."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, count, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMissing(Event):
    """What was bought is not shown yet: the broker is asked for a receipt, or why there is none.

    No card is ever locked for it.
    """

    event_type: ClassVar[str] = "payments.receipt_missing.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    requested_by: UUID  # the broker's staff id
    missing_pence: int  # what no receipt shows
    completed_on: date
    reminder: int  # the first, the second …
    reviewed_on: date  # from then on somebody looks at it with the person
    person_id: UUID | None = None  # an earlier release did not tell it


class ReceiptMissingSchema(EventSchema):
    event_class = ReceiptMissing
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    requested_by = fields.UUID(required=True)
    missing_pence = pence()
    completed_on = fields.Date(required=True)
    reminder = count()
    reviewed_on = fields.Date(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
