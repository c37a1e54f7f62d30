"""The form of a receipt."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.receipts.commands import AttachReceipt

LARGEST_PENCE = 100_000_000


class AttachReceiptForm(Schema):
    purchase_id = fields.UUID(required=True)
    receipt_id = fields.UUID(required=True)
    sha256 = fields.String(required=True, validate=validate.Regexp("^[0-9a-f]{64}\\Z"))
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_PENCE)
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AttachReceipt:
        return AttachReceipt(**loaded)
