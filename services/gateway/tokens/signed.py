"""Reading what somebody has signed: by keys that we know they have, and by no others.

A token's own ``jku``, ``x5u``, ``jwk`` and ``x5c`` are not looked at. What has a parameter that
must be understood is refused, as is what says a claim twice.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from services.gateway.tokens.rules import BadTokenError

LONGEST_TOKEN = 16_000  # characters

KeysOf = Callable[[str], Sequence[Mapping[str, Any]]]  # by a kid: the keys that bear it


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed, and by what algorithm."""

    algorithm: str
    claims: Mapping[str, Any]


def read(token: object, *, algorithms: Collection[str], keys_of: KeysOf) -> Signed:
    """Return what a token says, once its signature is found right.

    Args:
        token: as it came.
        algorithms: which of them this signer uses; never ``none``, never one with a shared secret.
        keys_of: the signer's keys by their id.

    Raises:
        BadTokenError: it is none, or nobody we know has signed it.
    """
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise BadTokenError("alg")
    if "crit" in header or "b64" in header:
        raise BadTokenError("crit")
    if not isinstance(kid, str) or not kid:
        raise BadTokenError("kid")
    found = [_key(one) for one in keys_of(kid)]
    if len(found) != 1:
        raise BadTokenError("kid")
    try:
        signed = jws.deserialize_compact(str(token), found[0], algorithms=[algorithm])
        claims = json.loads(signed.payload.decode(), object_pairs_hook=_unique)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise BadTokenError("signature") from None
    if not isinstance(claims, dict):
        raise BadTokenError("claims")
    return Signed(algorithm=algorithm, claims=claims)


def unproved(token: object, claim: str) -> str:
    """Return what a token says of itself, only to know whose keys prove it or do not.

    Raises:
        BadTokenError: it cannot be read, or does not say.
    """
    _header(token)
    try:
        found = json.loads(jws.extract_compact(str(token).encode()).payload)[claim]
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise BadTokenError(claim) from None
    if not isinstance(found, str):
        raise BadTokenError(claim)
    return found


def _header(token: object) -> Mapping[str, Any]:
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not token.isascii():
        raise BadTokenError("no token")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise BadTokenError("no token") from None
    if not isinstance(header, Mapping):
        raise BadTokenError("no token")
    return header


def _key(published: Mapping[str, Any]) -> Key:
    if published.get("kty") not in {"RSA", "EC", "OKP"} or published.get("use", "sig") != "sig":
        raise BadTokenError("key")
    try:
        return JWKRegistry.import_key(dict(published))
    except (JoseError, ValueError, TypeError, KeyError):
        raise BadTokenError("key") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise ValueError
    return whole
