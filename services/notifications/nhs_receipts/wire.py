"""NHS Notify's callbacks, in its spelling: who may bring one, and what it says of messages.

What we do not read is let through: a callback that we refuse comes again for a while, then never.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from werkzeug.datastructures import Headers

from services.notifications.delivery.commands import KeepReceipt
from services.notifications.delivery.rules import NHS_NOTIFY
from services.notifications.provider_settings import NhsCallbackSettings

KEY_HEADER = "x-api-key"
SIGNATURE_HEADER = "x-hmac-sha256-signature"
OF_A_MESSAGE = "MessageStatus"  # others are of one channel of its plan


class UnwelcomeError(Exception):
    """A callback that is not taken; ``status`` is the answer that NHS Notify asks for."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class _Attributes(Schema):
    class Meta:
        unknown = EXCLUDE

    message_id = fields.String(
        required=True, data_key="messageId", validate=validate.Regexp(r"[A-Za-z0-9]{1,64}\Z")
    )
    reference = fields.String(
        required=True, data_key="messageReference", validate=validate.Length(max=1_000)
    )
    status = fields.String(
        required=True, data_key="messageStatus", validate=validate.Regexp(r"[a-z_]{1,50}\Z")
    )
    timestamp = fields.AwareDateTime(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> KeepReceipt:
        return KeepReceipt(
            provider=NHS_NOTIFY,
            provider_id=loaded["message_id"],
            reference=_own_id(loaded["reference"]),
            status=loaded["status"],
            completed_at=loaded["timestamp"],
        )


def receipts(
    body: bytes, headers: Headers, *, settings: NhsCallbackSettings | None
) -> Sequence[KeepReceipt]:
    """Return what a callback says of messages.

    Raises:
        UnwelcomeError: 401, without our key, or NHS Notify serves nobody here; 403, not signed
            by whom we expect; 400 or 422, no callback.
    """
    if settings is None or not _is_same(headers.get(KEY_HEADER, ""), settings.api_key):
        raise UnwelcomeError(HTTPStatus.UNAUTHORIZED)
    if not _is_same(headers.get(SIGNATURE_HEADER, ""), signature(body, settings=settings)):
        raise UnwelcomeError(HTTPStatus.FORBIDDEN)
    try:
        told = json.loads(body)["data"]
    except (ValueError, TypeError, LookupError) as error:
        raise UnwelcomeError(HTTPStatus.BAD_REQUEST) from error
    if not isinstance(told, list) or not all(isinstance(one, Mapping) for one in told):
        raise UnwelcomeError(HTTPStatus.BAD_REQUEST)
    of_messages = [one.get("attributes") for one in told if one.get("type") == OF_A_MESSAGE]
    try:
        return [_Attributes().load(attributes) for attributes in of_messages]
    except ValidationError as error:
        raise UnwelcomeError(HTTPStatus.UNPROCESSABLE_ENTITY) from error


def signature(body: bytes, *, settings: NhsCallbackSettings) -> str:
    """Sign a body as NHS Notify does: by our application's id and our key for callbacks."""
    secret = f"{settings.application_id}.{settings.api_key}".encode()
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _own_id(reference: str) -> UUID | None:
    """Return the id of our delivery, or None: another program of ours may use NHS Notify too."""
    with suppress(ValueError):
        return UUID(reference)
    return None
