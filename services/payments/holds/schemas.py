"""The forms of calling off and finishing."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.payments.holds.commands import CancelPurchase, FinishPurchase
from services.payments.words import words_field

LONGEST_REASON = 500


class _WithReason(Schema):
    purchase_id = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)


class FinishPurchaseForm(_WithReason):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> FinishPurchase:
        return FinishPurchase(**loaded)


class CancelPurchaseForm(_WithReason):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> CancelPurchase:
        return CancelPurchase(**loaded)
