"""The form of a card policy."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.card_policies.commands import ConfirmCardPolicy, SetCardPolicy
from services.payments.card_policies.rules import BASIS_POINTS
from services.payments.words import words_field

LARGEST_PENCE = 100_000_000
LONGEST_REASON = 2_000
FEWEST_PAYMENTS = 2  # one may be a check of the card for a penny
MOST_PAYMENTS = 1_000
MOST_DAYS = 400


def between(least: int, most: int) -> fields.Integer:
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=least, max=most))


class SetCardPolicyForm(Schema):
    policy_id = fields.UUID(required=True)
    tolerance_basis_points = between(0, BASIS_POINTS)
    tolerance_cap_pence = between(0, LARGEST_PENCE)
    allowed_countries = fields.List(
        fields.String(validate=validate.Regexp("^[A-Z]{2}\\Z")),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1),
    )
    locks_at_issuer = fields.Boolean(load_default=False)
    payments_of_a_card = between(FEWEST_PAYMENTS, MOST_PAYMENTS)
    close_after_days = between(0, MOST_DAYS)
    applies_from = fields.Date(required=True)
    set_by = fields.UUID(required=True)
    why = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SetCardPolicy:
        return SetCardPolicy(**loaded)


class ConfirmCardPolicyForm(Schema):
    policy_id = fields.UUID(required=True)
    confirmed_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ConfirmCardPolicy:
        return ConfirmCardPolicy(**loaded)


class CardPoliciesForm(Schema):
    """Nothing is asked but what there is."""
