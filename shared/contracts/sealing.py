"""Sealing: what is personal travels and waits encrypted, and nobody changes it on the way.

AES-256-GCM, under keys that have names. ``COMMONPURSE_SEALING_KEYS`` lists them, separated by
spaces, as ``name:key`` with 32 bytes in base64 each; the first one seals, all of them open. To
rotate without a pause: add the new key at the end everywhere, then move it to the front
everywhere, and drop the old one when nothing sealed with it is kept any more.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared import settings

SETTING = "COMMONPURSE_SEALING_KEYS"
KEY_BYTES = 32
NONCE_BYTES = 12  # random: sound for some four thousand million sealings under one key


class BadSealingKeysError(Exception):
    """The setting does not hold a list of keys as this module describes it."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"{setting} must hold name:key, each key 32 bytes in base64.")


class BrokenSealError(Exception):
    """Sealed bytes that cannot be opened; ``reason`` is ``unknown_key`` or ``broken_seal``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def seal_bytes(plain: bytes, *, about: str, setting: str = SETTING) -> bytes:
    """Encrypt ``plain``.

    ``about`` says what it belongs to. It is not hidden, and the same words are needed to open
    it, so that a sealed text which is put in another's place does not open. ``setting`` names
    the keys: a service may have its own for what it alone opens.

    Raises:
        SettingMissingError or BadSealingKeysError: there are no keys to seal with.
    """
    keys = _keys(setting, settings.required(os.environ, setting))
    name, key = next(iter(keys.items()))
    nonce = os.urandom(NONCE_BYTES)
    return name.encode() + b":" + nonce + key.encrypt(nonce, plain, about.encode())


def open_bytes(sealed: bytes, *, about: str, setting: str = SETTING) -> bytes:
    """Return what was sealed.

    Raises:
        BrokenSealError: we have no such key, or bytes or ``about`` are not those that were sealed.
        SettingMissingError or BadSealingKeysError: there are no keys to open with.
    """
    name, _, rest = sealed.partition(b":")
    key = _keys(setting, settings.required(os.environ, setting)).get(name.decode(errors="replace"))
    if key is None:
        raise BrokenSealError("unknown_key")
    try:
        return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise BrokenSealError("broken_seal") from None


def seal(plain: bytes, *, about: str) -> str:
    """Encrypt ``plain`` to a text that fits into JSON. Raises what ``seal_bytes`` raises."""
    return base64.b64encode(seal_bytes(plain, about=about)).decode()


def unseal(sealed: str, *, about: str) -> bytes:
    """Return what ``seal`` sealed. Raises what ``open_bytes`` raises."""
    try:
        return open_bytes(base64.b64decode(sealed, validate=True), about=about)
    except ValueError:
        raise BrokenSealError("broken_seal") from None


@lru_cache(maxsize=8)
def _keys(setting: str, written: str) -> Mapping[str, AESGCM]:
    keys: dict[str, AESGCM] = {}
    for entry in written.split():
        name, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise BadSealingKeysError(setting) from None
        if not name or len(key) != KEY_BYTES:
            raise BadSealingKeysError(setting)
        keys[name] = AESGCM(key)
    return keys
