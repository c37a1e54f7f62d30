"""The form of what retrying can be asked."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.notifications.people.rules import Channel
from services.notifications.retrying.commands import RetryByOtherChannel


class RetryByOtherChannelForm(Schema):
    """Which message is sent once more, by which channel, and who asks for it."""

    message_id = fields.UUID(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    asked_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RetryByOtherChannel:
        return RetryByOtherChannel(**loaded)
