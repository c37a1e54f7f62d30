"""The form of an invoice."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.transfers.commands import RecordInvoice

LARGEST_PENCE = 100_000_000
LONGEST_INVOICE_NUMBER = 50


class RecordInvoiceForm(Schema):
    purchase_id = fields.UUID(required=True)
    invoice_number = fields.String(
        required=True, validate=validate.Length(min=1, max=LONGEST_INVOICE_NUMBER)
    )
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordInvoice:
        return RecordInvoice(**loaded)
