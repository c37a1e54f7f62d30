"""The form of what is asked about replies."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.notifications.replies.commands import SeeToReply


class SeeToReplyForm(Schema):
    reply_id = fields.UUID(required=True)
    seen_to_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SeeToReply:
        return SeeToReply(**loaded)
