"""GOV.UK Notify's callback for a text that somebody sent, in its spelling."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.notifications.replies.commands import TakeReply


class NotifyReceivedText(Schema):
    """A text that came to the number that Notify has for us. What we do not read is let through."""

    class Meta:
        unknown = EXCLUDE

    id = fields.UUID(required=True)
    source_number = fields.String(required=True, validate=validate.Length(min=1, max=50))
    message = fields.String(required=True)
    date_received = fields.AwareDateTime(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> TakeReply:
        return TakeReply(
            reply_id=loaded["id"],
            number=loaded["source_number"],
            message=loaded["message"],
            sent_at=loaded["date_received"],
        )
