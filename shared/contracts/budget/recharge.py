"""What funders owe one another."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeInvoiced(Event):
    """One funder of a pool has to pay another what was spent in its place, netted, for a month."""

    event_type: ClassVar[str] = "budget.recharge_invoiced.v1"
    subject_id: ClassVar[str] = "invoice_id"
    invoice_id: UUID
    run_id: UUID
    pool_id: UUID
    from_funder_id: UUID  # who pays
    to_funder_id: UUID
    month: str  # 2026-11
    net_pence: int
    due_on: date


class RechargeInvoicedSchema(EventSchema):
    event_class = RechargeInvoiced
    invoice_id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    from_funder_id = fields.UUID(required=True)
    to_funder_id = fields.UUID(required=True)
    month = fields.String(required=True, validate=validate.Regexp(r"[0-9]{4}-[0-9]{2}\Z"))
    net_pence = pence()
    due_on = fields.Date(required=True)
