"""The form of the requests about money that the person has shown, or given back."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.budget.money_routes.schemas import pence, reference
from services.budget.returns.commands import RecordPaymentReturned, RecordReturn


class RecordReturnForm(Schema):
    return_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    period_starts_on = fields.Date(required=True)
    period_ends_on = fields.Date(required=True)
    spent_pence = pence()
    evidence_reference = reference()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordReturn:
        return RecordReturn(**loaded)


class RecordPaymentReturnedForm(Schema):
    payment_id = fields.UUID(required=True)
    amount_pence = pence()
    bank_reference = reference()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordPaymentReturned:
        return RecordPaymentReturned(**loaded)
