"""GOV.UK Notify's delivery receipt, in its spelling.

Other fields are let through unread, since a receipt that we refuse never comes again; so is
``to``, the address, which we do not want to keep.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.notifications.delivery.commands import KeepReceipt

PROVIDER = "govuk-notify"
CREDENTIALS_HEADER = "Authorization"  # "Bearer" and the token that we gave to Notify


class NotifyReceipt(Schema):
    """What Notify posts when a text or an e-mail has come to its end."""

    class Meta:
        unknown = EXCLUDE

    id = fields.UUID(required=True)
    reference = fields.String(allow_none=True, load_default=None)
    status = fields.String(required=True, validate=validate.Regexp(r"[a-z-]{1,50}\Z"))
    completed_at = fields.AwareDateTime(allow_none=True, load_default=None)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> KeepReceipt:
        return KeepReceipt(
            provider=PROVIDER,
            provider_id=str(loaded["id"]),
            reference=_own_id(loaded["reference"]),
            status=loaded["status"],
            completed_at=loaded["completed_at"],
        )


def _own_id(reference: str | None) -> UUID | None:
    """Return the id of our delivery, or None: another program of ours may use Notify too."""
    with suppress(ValueError):
        return UUID(reference or "")
    return None
