"""The forms of what is asked about disputes."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.disputes.commands import OpenDispute, SubmitDispute, WithdrawDispute
from services.payments.disputes.rules import Reason
from services.payments.words import reference_field, words_field

LONGEST_WORDS = 1_500  # the issuer's limit for an explanation: to be confirmed
MOST_EVIDENCE = 20
LONGEST_REFERENCE = 255
LONGEST_REASON = 500


class OpenDisputeForm(Schema):
    dispute_id = fields.UUID(required=True)
    purchase_id = fields.UUID(required=True)
    presentment_id = reference_field(longest=LONGEST_REFERENCE)
    reason = fields.Enum(Reason, by_value=True, required=True)
    words = words_field(longest=LONGEST_WORDS)
    evidence = fields.List(
        words_field(longest=LONGEST_REFERENCE),
        load_default=list,
        validate=validate.Length(max=MOST_EVIDENCE),
    )
    opened_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> OpenDispute:
        return OpenDispute(**loaded)


class SubmitDisputeForm(Schema):
    dispute_id = fields.UUID(required=True)
    submitted_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SubmitDispute:
        return SubmitDispute(**loaded)


class WithdrawDisputeForm(Schema):
    dispute_id = fields.UUID(required=True)
    withdrawn_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> WithdrawDispute:
        return WithdrawDispute(**loaded)


class DisputesForm(Schema):
    purchase_id = fields.UUID(required=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return loaded["purchase_id"]
