"""The form of an invoice."""

from typing import Any

from marshmallow import (
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from services.payments.transfers.commands import RecordInvoice
from services.payments.words import words_field

LARGEST_PENCE = 100_000_000
LONGEST_INVOICE_NUMBER = 50
LONGEST_REASON = 500


class RecordInvoiceForm(Schema):
    purchase_id = fields.UUID(required=True)
    invoice_number = words_field(longest=LONGEST_INVOICE_NUMBER)
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )

    is_last = fields.Boolean(load_default=False)
    is_not_a_repeat = fields.Boolean(load_default=False)
    not_a_repeat_because = words_field(
        longest=LONGEST_REASON, least=0, required=False, load_default=""
    )

    @validates_schema
    def _why(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["is_not_a_repeat"] and not loaded["not_a_repeat_because"].strip():
            raise ValidationError("Say why it is not a repeat.", "not_a_repeat_because")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordInvoice:
        return RecordInvoice(**loaded)
