"""NHS numbers and councils' client ids: kept encrypted, and found by a blind index.

The index is an HMAC under a key of its own: whoever reads the table learns no identifier from
it, and whoever knows an identifier can find its record here. ``COMMONPURSE_IDENTIFIER_KEYS``
lists keys as ``COMMONPURSE_SEALING_KEYS`` does, and they rotate likewise; they are assessment's
alone. ``COMMONPURSE_IDENTIFIER_INDEX_KEY`` is one key, 32 bytes in base64; with another one
every index has to be worked out anew.
"""

import base64
import binascii
import enum
import hashlib
import hmac
import os
from uuid import UUID

from shared import settings
from shared.contracts import sealing

SEALING_SETTING = "COMMONPURSE_IDENTIFIER_KEYS"
INDEX_SETTING = "COMMONPURSE_IDENTIFIER_INDEX_KEY"


class IdentifierKind(enum.StrEnum):
    NHS_NUMBER = "nhs_number"
    COUNCIL_CLIENT_ID = "council_client_id"


class BadIndexKeyError(Exception):
    """The setting does not hold one key as this module describes it."""

    def __init__(self) -> None:
        super().__init__(f"{INDEX_SETTING} must hold 32 bytes in base64.")


def seal(kind: IdentifierKind, identifier: str, *, person_id: UUID) -> bytes:
    """Encrypt an identifier so that it opens in this person's record alone."""
    about = _about(kind, person_id)
    return sealing.seal_bytes(identifier.encode(), about=about, setting=SEALING_SETTING)


def unseal(kind: IdentifierKind, sealed: bytes, *, person_id: UUID) -> str:
    """Return the identifier.

    Raises:
        BrokenSealError: it is another person's, or sealed with a key that we have not.
    """
    about = _about(kind, person_id)
    return sealing.open_bytes(sealed, about=about, setting=SEALING_SETTING).decode()


def blind_index(kind: IdentifierKind, identifier: str) -> str:
    """Return by what a record is found whose identifier somebody knows.

    Raises:
        SettingMissingError or BadIndexKeyError: there is no key for it.
    """
    try:
        written = settings.required(os.environ, INDEX_SETTING)
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        raise BadIndexKeyError from None
    if len(key) != sealing.KEY_BYTES:
        raise BadIndexKeyError
    return hmac.new(key, f"{kind}/{identifier}".encode(), hashlib.sha256).hexdigest()


def _about(kind: IdentifierKind, person_id: UUID) -> str:
    return f"people/{person_id}/{kind}"
