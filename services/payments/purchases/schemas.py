"""The form of a request to buy."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.purchases.commands import RequestPurchase

LARGEST_PENCE = 100_000_000
LONGEST_INSTRUCTION = 2_000


class RequestPurchaseForm(Schema):
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )
    requested_by = fields.UUID(required=True)
    instruction = fields.String(
        required=True, validate=validate.Length(min=1, max=LONGEST_INSTRUCTION)
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RequestPurchase:
        return RequestPurchase(**loaded)
