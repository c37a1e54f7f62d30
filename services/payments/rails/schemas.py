"""The forms of what is asked about rails."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.entitlements.rules import Rail
from services.payments.rails.commands import UseSecondRail
from services.payments.rails.rules import Party
from services.payments.words import words_field

LONGEST_REASON = 2_000


class UseSecondRailForm(Schema):
    purchase_id = fields.UUID(required=True)
    rail = fields.Enum(
        Rail, by_value=True, required=True, validate=validate.OneOf([Rail.CARD, Rail.BACS])
    )
    decided_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> UseSecondRail:
        return UseSecondRail(**loaded)


class PeopleAtRiskForm(Schema):
    party = fields.Enum(Party, by_value=True, load_default=None, allow_none=True)

    @post_load
    def _as_party(self, loaded: dict[str, Any], **_kwargs: Any) -> Party | None:
        return loaded["party"]
