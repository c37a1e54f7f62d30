"""The form of what delivery can be asked."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.notifications.delivery.commands import CancelMessage, RecordSeenTo


class RecordSeenToForm(Schema):
    """Which message was told in another way, and who says so."""

    message_id = fields.UUID(required=True)
    seen_to_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordSeenTo:
        return RecordSeenTo(**loaded)


class CancelMessageForm(Schema):
    """Which message is taken back, and who does it."""

    message_id = fields.UUID(required=True)
    cancelled_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> CancelMessage:
        return CancelMessage(**loaded)
