"""The forms of what is asked about money that belongs to no purchase yet."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load

from services.payments.matching.commands import MatchMoney, QueueAsked
from services.payments.words import reference_field, words_field

LONGEST_ID = 255
LONGEST_REASON = 2_000


class MatchForm(Schema):
    is_refund: ClassVar[bool]
    presentment_id = reference_field(longest=LONGEST_ID)
    purchase_id = fields.UUID(required=True)
    matched_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> MatchMoney:
        return MatchMoney(is_refund=self.is_refund, **loaded)


class MatchRefundForm(MatchForm):
    is_refund = True


class MatchCaptureForm(MatchForm):
    is_refund = False


class RefundQueueForm(Schema):
    purchase_id = fields.UUID(load_default=None)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> QueueAsked:
        return QueueAsked(**loaded)
