"""The form of a cancellation."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.holds.commands import CancelPurchase

LONGEST_REASON = 500


class CancelPurchaseForm(Schema):
    purchase_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> CancelPurchase:
        return CancelPurchase(**loaded)
