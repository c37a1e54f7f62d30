"""Signed tokens, in JWS compact form."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from joserfc.jws import JWSRegistry

from simulators.identity.keys import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A token before it is signed."""

    claims: Mapping[str, Any]
    key: SigningKey
    algorithm: str
    type: str = "JWT"  # at+jwt, logout+jwt
    header: Mapping[str, Any] | None = None  # None: the usual one

    def whole_header(self) -> dict[str, Any]:
        usual = {"alg": self.algorithm, "typ": self.type, "kid": self.key.kid}
        return usual if self.header is None else dict(self.header)

    def with_header(self, **changed: Any) -> "Draft":
        """Change parameters of the header; None takes one out."""
        header = {**self.whole_header(), **changed}
        return replace(self, header={name: is_ for name, is_ in header.items() if is_ is not None})

    def signed(self) -> str:
        payload = json.dumps(self.claims, separators=(",", ":")).encode()
        said = signing_input(self.whole_header(), payload)
        return joined(said, signature(said, key=self.key, algorithm=self.algorithm))


def signing_input(header: Mapping[str, Any], payload: bytes) -> bytes:
    return encoded(json.dumps(header, separators=(",", ":")).encode()) + b"." + encoded(payload)


def signature(said: bytes, *, key: SigningKey, algorithm: str) -> bytes:
    return JWSRegistry(algorithms=[algorithm]).get_alg(algorithm).sign(said, key)


def joined(said: bytes, signature: bytes) -> str:
    return (said + b"." + encoded(signature)).decode()


def encoded(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def half_hash(text: str, *, algorithm: str) -> str:
    """Hash what a token goes with, as ``at_hash`` asks: the left half, by the token's own hash."""
    digest = hashlib.new(f"sha{algorithm[-3:]}", text.encode()).digest()
    return encoded(digest[: len(digest) // 2]).decode()
