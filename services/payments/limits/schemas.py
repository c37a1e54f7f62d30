"""The form of a limit."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.limits.commands import ConfirmSpendingLimit, SetSpendingLimit
from services.payments.limits.rules import COUNTS_FOR_DAYS
from services.payments.words import words_field

LARGEST_PENCE = 100_000_000
LONGEST_ROLE = 50
LONGEST_REASON = 2_000
MOST_DAYS = 400


def _limit() -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_PENCE)
    )


class SetSpendingLimitForm(Schema):
    role = words_field(longest=LONGEST_ROLE)
    from_on = fields.Date(required=True)
    asks_up_to_pence = _limit()
    approves_up_to_pence = _limit()
    counts_for_days = fields.Integer(
        strict=True,
        load_default=COUNTS_FOR_DAYS,
        validate=validate.Range(min=1, max=MOST_DAYS),
    )
    set_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SetSpendingLimit:
        return SetSpendingLimit(**loaded)


class ConfirmSpendingLimitForm(Schema):
    role = words_field(longest=LONGEST_ROLE)
    from_on = fields.Date(required=True)
    confirmed_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ConfirmSpendingLimit:
        return ConfirmSpendingLimit(**loaded)


class SpendingLimitsForm(Schema):
    """Nothing is asked but what there is."""
