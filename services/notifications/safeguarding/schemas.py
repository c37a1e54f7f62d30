"""The forms of what is asked about safeguarding holds."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.notifications.people.rules import Channel
from services.notifications.safeguarding.commands import (
    HoldForSafeguarding,
    HoldsAsked,
    ReleaseSafeguardingHold,
)

LONGEST_REASON = 500


def _reason() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))


class HoldForSafeguardingForm(Schema):
    """Whose messages are held, which, until when somebody looks again, who says so and why."""

    hold_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    channel = fields.Enum(Channel, by_value=True, load_default=None, allow_none=True)
    review_by = fields.Date(required=True)
    set_by = fields.UUID(required=True)
    reason = _reason()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> HoldForSafeguarding:
        return HoldForSafeguarding(**loaded)


class ReleaseSafeguardingHoldForm(Schema):
    hold_id = fields.UUID(required=True)
    released_by = fields.UUID(required=True)
    reason = _reason()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReleaseSafeguardingHold:
        return ReleaseSafeguardingHold(**loaded)


class HoldsForm(Schema):
    person_id = fields.UUID(required=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> HoldsAsked:
        return HoldsAsked(**loaded)
