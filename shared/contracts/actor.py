"""Who acts: said by the edge with each call, signed, and checked by the service that is called.

A JSON Web Signature under Ed25519 (RFC 8037), for one operation and one minute.
``COMMONPURSE_ACTOR_SIGNING_KEY`` is the edge's own: ``name:key``, the key's 32 bytes in base64.
``COMMONPURSE_ACTOR_KEYS`` lists, separated by spaces, whose signatures a service takes, as
``name:key`` with public keys: to rotate, add the new one everywhere, sign with it, drop the old.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

SIGNING_KEY = "COMMONPURSE_ACTOR_SIGNING_KEY"
KEYS = "COMMONPURSE_ACTOR_KEYS"
ALGORITHM = "Ed25519"
KEY_BYTES = 32
LASTS_SECONDS = 60
MOST_SKEW_SECONDS = 30
LONGEST_TOKEN = 8_000  # characters

EVERYBODY = "everybody"  # the relation of one who needs none: an auditor, a system of the suite


class BadActorKeyError(Exception):
    """A setting does not hold a key, or keys, as this module describes them."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"{setting} must hold name:key, each key 32 bytes in base64.")


class UntrustedActorError(Exception):
    """Nobody we trust has said who acts, or not for this, or not lately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks for something, in which role, for whom and why."""

    actor_id: str  # a person's or a colleague's id; the name of a system
    roles: tuple[str, ...]
    organisation: str
    relations: frozenset[str]  # each of them is enough to the record, by the policy of the edge
    purpose: str  # why: direct_care, own_record, finance, audit, …
    acting_for: str = ""  # the person they represent, or organisation/role after delegation
    request_id: str = ""  # of the request at the edge that led to the call

    @property
    def place(self) -> str:
        """Return organisation/role: what is written beside the work that is done."""
        return f"{self.organisation}/{self.roles[0]}" if self.roles else self.organisation


def system(name: str) -> Actor:
    """Return a system of the suite, which works for everybody: the demo, or a person's laptop."""
    return Actor(
        actor_id=name,
        roles=("system",),
        organisation=name,
        relations=frozenset({EVERYBODY}),
        purpose="operation",
    )


class ActorSigner:
    """Signs for the edge."""

    def __init__(self, key: OKPKey, *, name: str) -> None:
        self._key = key
        self._name = name

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Take the key from the settings.

        Raises:
            BadActorKeyError: there is none, or it is no key.
        """
        name, private = _split(environment.get(SIGNING_KEY, ""), setting=SIGNING_KEY)
        public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
        fields = {**_fields(name, public), "d": _base64url(private)}
        return cls(OKPKey.import_key(fields), name=name)

    def sign(self, actor: Actor, *, operation: str, at_seconds: float) -> str:
        """Return a token for one operation, ``payments.request_purchase``, from now on."""
        claims = {
            "sub": actor.actor_id,
            "aud": operation,
            "iat": int(at_seconds),
            "exp": int(at_seconds) + LASTS_SECONDS,
            "roles": list(actor.roles),
            "org": actor.organisation,
            "relations": sorted(actor.relations),
            "purpose": actor.purpose,
            "for": actor.acting_for,
            "request": actor.request_id,
        }
        header = {"alg": ALGORITHM, "kid": self._name}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def verified(token: object, *, keys: str, operation: str, at_seconds: float) -> Actor:
    """Return who acts.

    Args:
        token: what came with the call.
        keys: the setting of the service.
        operation: what is called; a token for another one is worth nothing here.
        at_seconds: the time of day, as ``time.time`` tells it.

    Raises:
        UntrustedActorError: it is not what somebody we know has signed for this and for now.
        BadActorKeyError: the setting is wrong.
    """
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise UntrustedActorError
    try:
        claims = jwt.decode(token, _known(keys), algorithms=[ALGORITHM]).claims
        actor = _read(claims, operation=operation, at_seconds=at_seconds)
    except (JoseError, KeyError, TypeError, ValueError):
        raise UntrustedActorError from None
    return actor


def _read(claims: Mapping[str, Any], *, operation: str, at_seconds: float) -> Actor:
    is_now = claims["iat"] - MOST_SKEW_SECONDS <= at_seconds < claims["exp"]
    if claims["aud"] != operation or not is_now:
        raise ValueError
    return Actor(
        actor_id=claims["sub"],
        roles=tuple(claims["roles"]),
        organisation=claims["org"],
        relations=frozenset(claims["relations"]),
        purpose=claims["purpose"],
        acting_for=claims["for"],
        request_id=claims["request"],
    )


@lru_cache(maxsize=4)
def _known(keys: str) -> KeySet:
    named = [_split(entry, setting=KEYS) for entry in keys.split()]
    if not named:
        raise BadActorKeyError(KEYS)
    return KeySet([OKPKey.import_key(_fields(name, key)) for name, key in named])


def _split(entry: str, *, setting: str) -> tuple[str, bytes]:
    name, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise BadActorKeyError(setting) from None
    if not name or len(key) != KEY_BYTES:
        raise BadActorKeyError(setting)
    return name, key


def _fields(name: str, public: bytes) -> dict[str, str | list[str]]:
    return {"kty": "OKP", "crv": "Ed25519", "kid": name, "x": _base64url(public)}


def _base64url(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()
