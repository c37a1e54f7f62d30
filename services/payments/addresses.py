"""Addresses for one file and one use: signed, so that a forged one is not even looked up.

``/receipts/<id>.<until>.<signature>``: the id is a row's, ``until`` the second it ends, and the
signature an HMAC-SHA256 over purpose, id and end under ``PAYMENTS_RECEIPTS_ADDRESS_KEY``. That it
is used once is kept in its row.
"""

import enum
import hashlib
import hmac
import os
import re
from datetime import datetime
from uuid import UUID

from shared import settings
from shared.errors import Refusal

SETTING = "PAYMENTS_RECEIPTS_ADDRESS_KEY"
PATH = "/receipts"
_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([0-9a-f]{64})")


class Purpose(enum.StrEnum):
    UPLOAD = "upload"
    READ = "read"


class NoSuchAddressError(Refusal):
    """Nobody here made this address, or for something else."""

    code = "no_such_address"
    next_step = "Ask for a new address."


class AddressOverError(Refusal):
    """The address was used, or its time is over."""

    code = "address_over"
    next_step = "Ask for a new address."


def address_of(address_id: UUID, purpose: Purpose, *, expires_at: datetime) -> str:
    """Return an address as the path below payments' web process.

    Raises:
        SettingMissingError: there is no key to sign with.
    """
    until = int(expires_at.timestamp())
    return f"{PATH}/{address_id.hex}.{until}.{_signature(address_id.hex, until, purpose)}"


def read(token: str, purpose: Purpose, *, at: datetime) -> UUID:
    """Return the id of the row of an address that we made for this purpose.

    Raises:
        NoSuchAddressError: we did not make it.
        AddressOverError: its time is over.
    """
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise NoSuchAddressError("There is no such address.")
    address_id, until, signature = parts[1], int(parts[2]), parts[3]
    if not hmac.compare_digest(signature, _signature(address_id, until, purpose)):
        raise NoSuchAddressError("There is no such address.")
    if at.timestamp() > until:
        raise AddressOverError("The time of this address is over.")
    return UUID(address_id)


def _signature(address_id: str, until: int, purpose: Purpose) -> str:
    key = settings.required(os.environ, SETTING).encode()
    message = f"receipts/{purpose}/{address_id}/{until}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
