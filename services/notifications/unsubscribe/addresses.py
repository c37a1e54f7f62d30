"""The web address by which e-mails to one address end: signed, and without personal data.

``/unsubscribe/<digest>.<signature>``: the digest stands for the e-mail address and cannot be read
(people/digests.py); the signature is an HMAC-SHA256 over it under our own key for this. It does
not end: what was sent long ago must still be able to be stopped.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from typing import Any

from services.notifications.people.digests import digest
from services.notifications.people.rules import Channel
from services.notifications.settings import SettingUnfitError
from shared.errors import Refusal
from shared.settings import required

KEY = "NOTIFICATIONS_UNSUBSCRIBE_KEY"
WEB_ADDRESS = "NOTIFICATIONS_UNSUBSCRIBE_URL"
PATH = "/unsubscribe"
_TOKEN = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})")


class NoSuchAddressError(Refusal):
    """Nobody here made this address."""

    code = "no_such_address"
    next_step = "Use the link of an e-mail from us as it is."


def address_for(email: str, *, environment: Mapping[str, Any] = os.environ) -> str | None:
    """Return the web address that ends e-mails to ``email``; None where none is set up.

    Raises:
        SettingMissingError, SettingUnfitError: a web address is set, and no key, or without TLS.
    """
    base = _base(environment)
    if not base:
        return None
    address_digest = digest(Channel.EMAIL, email)
    return f"{base}{PATH}/{address_digest}.{_signature(address_digest, environment)}"


def check(environment: Mapping[str, Any] = os.environ) -> None:
    """Make sure that links can be made, or that none are wanted.

    Raises:
        SettingMissingError, SettingUnfitError: a web address is set, and no key, or without TLS.
    """
    if _base(environment):
        required(environment, KEY)


def read(token: str, *, environment: Mapping[str, Any] = os.environ) -> str:
    """Return the digest of the e-mail address that a token of ours stands for.

    Raises:
        NoSuchAddressError: we did not make it.
        SettingMissingError: there is no key.
    """
    parts = _TOKEN.fullmatch(token)
    if parts is None or not hmac.compare_digest(parts[2], _signature(parts[1], environment)):
        raise NoSuchAddressError("There is no such address.")
    return parts[1]


def _base(environment: Mapping[str, Any]) -> str:
    base = str(environment.get(WEB_ADDRESS, "")).rstrip("/")
    if base and not base.startswith("https://"):
        raise SettingUnfitError(WEB_ADDRESS, wanted="an https:// address")
    return base


def _signature(address_digest: str, environment: Mapping[str, Any]) -> str:
    key = required(environment, KEY).encode()
    return hmac.new(key, f"unsubscribe/{address_digest}".encode(), hashlib.sha256).hexdigest()
