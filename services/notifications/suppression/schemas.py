"""The forms of what is asked about suppression."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.notifications.people.rules import Channel
from services.notifications.suppression.commands import (
    LiftSuppression,
    SuppressionsAsked,
    SuppressPersons,
)
from services.notifications.suppression.rules import SuppressionReason


class SuppressForm(Schema):
    """Whom not to write to, by which channel, why, and who says so."""

    person_id = fields.UUID(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    is_of_address = fields.Boolean(required=True, truthy={True}, falsy={False})
    reason = fields.Enum(SuppressionReason, by_value=True, required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)
    set_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SuppressPersons:
        return SuppressPersons(**loaded)


class LiftSuppressionForm(Schema):
    suppression_id = fields.UUID(required=True)
    lifted_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> LiftSuppression:
        return LiftSuppression(**loaded)


class SuppressionsForm(Schema):
    person_id = fields.UUID(required=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> SuppressionsAsked:
        return SuppressionsAsked(**loaded)
