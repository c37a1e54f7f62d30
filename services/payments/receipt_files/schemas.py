"""The forms of what is asked about receipts' files."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.receipt_files.commands import AskReceipt, AskUpload
from services.payments.receipts.schemas import DIGEST, OfAReceipt


class AskUploadForm(OfAReceipt):
    sha256 = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(DIGEST))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AskUpload:
        return AskUpload(**loaded)


class AskReceiptForm(Schema):
    receipt_id = fields.UUID(required=True)
    asked_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AskReceipt:
        return AskReceipt(**loaded)
