"""Addresses that are recognised and cannot be read: a keyed digest stands for each."""

import hashlib
import hmac
import os
import re

from services.notifications.people.rules import Channel
from shared.settings import required

SETTING = "NOTIFICATIONS_ADDRESS_KEY"
_NO_DIGITS = re.compile(r"\D")
_COUNTRY = re.compile(r"^(00)?44")


def digest(channel: Channel, address: str) -> str:
    """Return the digest of an address, the same in whatever way it is written.

    Without the key nobody can try all numbers there are.

    Raises:
        SettingMissingError: there is no key.
    """
    key = required(os.environ, SETTING).encode()
    message = f"{channel.value}/{_plain(channel, address)}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _plain(channel: Channel, address: str) -> str:
    if channel is Channel.SMS:
        return _COUNTRY.sub("", _NO_DIGITS.sub("", address)).removeprefix("0")
    return "".join(address.casefold().split())
