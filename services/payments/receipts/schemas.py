"""The forms of a receipt."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.receipts.commands import (
    AttachReceipt,
    Line,
    NoReceiptBecause,
)
from services.payments.words import words_field

LARGEST_PENCE = 100_000_000
LONGEST_DESCRIPTION = 200
LONGEST_REASON = 2_000
MOST_LINES = 500
DIGEST = "^[0-9a-f]{64}\\Z"


class LineForm(Schema):
    description = words_field(longest=LONGEST_DESCRIPTION)
    quantity = fields.Integer(
        strict=True, load_default=1, validate=validate.Range(min=1, max=100_000)
    )
    total_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=-LARGEST_PENCE, max=LARGEST_PENCE)
    )

    @post_load
    def _as_line(self, loaded: dict[str, Any], **_kwargs: Any) -> Line:
        return Line(**loaded)


class OfAReceipt(Schema):
    """What every receipt comes with."""

    purchase_id = fields.UUID(required=True)
    receipt_id = fields.UUID(required=True)
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_PENCE)
    )
    lines = fields.List(
        fields.Nested(LineForm), load_default=list, validate=validate.Length(max=MOST_LINES)
    )


class AttachReceiptForm(OfAReceipt):
    sha256 = fields.String(required=True, validate=validate.Regexp(DIGEST))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AttachReceipt:
        return AttachReceipt(**loaded)


class NoReceiptBecauseForm(Schema):
    purchase_id = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> NoReceiptBecause:
        return NoReceiptBecause(**loaded)
