"""What must stand in what others have signed."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from typing import Any

SKEW_SECONDS = 30
OLDEST_SECONDS = 600  # since a token of a sign-in was made
LONGEST_ASSERTION_SECONDS = 300
LONGEST_TOKEN_SECONDS = 86_400
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
SHORTEST_JTI, LONGEST_JTI = 8, 200  # characters
LONGEST_SUBJECT = 255  # characters, as OpenID Connect has it
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class BadTokenError(Exception):
    """A token that is not to be believed; ``because`` says why, for the log."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def check_id_token(
    claims: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    max_age_seconds: int,
    at_seconds: float,
) -> None:
    """See that a provider says this to us, now, of this sign-in.

    Raises:
        BadTokenError: it does not.
    """
    _check(claims, issuer=issuer, audience=client_id, at_seconds=at_seconds)
    _need(claims.get("azp", client_id) == client_id, "azp")
    _need(claims.get("nonce") == nonce, "nonce")
    _need(_is_word(claims.get("sub"), longest=LONGEST_SUBJECT), "sub")
    signed_in_at = _number(claims, "auth_time")
    is_lately = at_seconds - signed_in_at <= max_age_seconds + SKEW_SECONDS
    _need(is_lately and signed_in_at <= at_seconds + SKEW_SECONDS, "auth_time")


def check_access_token(claims: Mapping[str, Any], *, access_token: str, algorithm: str) -> None:
    """See that the access token came with this ID token, where that names one.

    Raises:
        BadTokenError: it names another.
    """
    whole = _HASHES[algorithm[-3:]](access_token.encode()).digest()
    half = base64.urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()
    _need(claims.get("at_hash", half) == half, "at_hash")


def check_logout_token(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, at_seconds: float
) -> None:
    """See that a provider tells us that somebody's session there has ended.

    Raises:
        BadTokenError: it does not.
    """
    _check(claims, issuer=issuer, audience=client_id, at_seconds=at_seconds)
    events = claims.get("events")
    _need(isinstance(events, Mapping) and events.get(LOGOUT_EVENT) == {}, "events")
    _need("nonce" not in claims, "nonce")
    named = {"sub", "sid"} & set(claims)  # either will do, and what is there says something
    _need(bool(named), "sub")
    _need(all(_is_word(claims[name], longest=LONGEST_SUBJECT) for name in named), "sub")
    _need(_is_jti(claims.get("jti")), "jti")


def check_assertion(
    claims: Mapping[str, Any], *, client_id: str, audience: str, at_seconds: float
) -> None:
    """See that a client says who it is, to us, now and for five minutes at most.

    Raises:
        BadTokenError: it does not.
    """
    _need(claims.get("iss") == client_id and claims.get("sub") == client_id, "iss")
    _need(claims.get("aud") == audience, "aud")
    left = _number(claims, "exp") - at_seconds
    _need(0 < left <= LONGEST_ASSERTION_SECONDS, "exp")
    for name in {"iat", "nbf"} & set(claims):
        _need(_number(claims, name) <= at_seconds + SKEW_SECONDS, name)
    _need(_is_jti(claims.get("jti")), "jti")


def check_demands(claims: Mapping[str, Any], demands: Mapping[str, Collection[str]]) -> None:
    """See that a sign-in is as sure as it must be, and of the right tenant.

    Raises:
        BadTokenError: it is not.
    """
    for name, allowed in demands.items():
        _need(claims.get(name) in allowed, name)


def _check(claims: Mapping[str, Any], *, issuer: str, audience: str, at_seconds: float) -> None:
    _need(claims.get("iss") == issuer, "iss")
    _need(claims.get("aud") in (audience, [audience]), "aud")
    expires_at = _number(claims, "exp")
    is_good = at_seconds - SKEW_SECONDS < expires_at <= at_seconds + LONGEST_TOKEN_SECONDS
    _need(is_good, "exp")
    made_at = _number(claims, "iat")
    is_new = at_seconds - OLDEST_SECONDS <= made_at <= at_seconds + SKEW_SECONDS
    _need(is_new, "iat")
    if "nbf" in claims:
        _need(_number(claims, "nbf") <= at_seconds + SKEW_SECONDS, "nbf")


def _number(claims: Mapping[str, Any], name: str) -> float:
    found = claims.get(name)
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    _need(is_number, name)
    return float(found or 0)


def _is_jti(found: object) -> bool:
    return _is_word(found, longest=LONGEST_JTI, least=SHORTEST_JTI)


def _is_word(found: object, *, longest: int, least: int = 1) -> bool:
    return (
        isinstance(found, str)
        and least <= len(found.strip()) <= len(found) <= longest
        and found.isprintable()
    )


def _need(is_so: bool, because: str) -> None:
    if not is_so:
        raise BadTokenError(because)
