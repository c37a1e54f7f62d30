"""Who is calling: a token of ten minutes, given for a JSON web token that the caller signed."""

import hmac
import secrets
from collections.abc import Mapping
from threading import Lock
from typing import Any

import jwt

from simulators.clock import Clock
from simulators.nhs_notify import errors
from simulators.nhs_notify.settings import Settings

LIFE_SECONDS = 599
LONGEST_ASSERTION_SECONDS = 300
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHM = "RS512"


class Tokens:
    """The tokens that are good now, and the assertions that were used up for them."""

    def __init__(self, *, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = Lock()
        self._good_until: dict[str, float] = {}
        self._used: set[str] = set()

    def give(self, form: Mapping[str, str], *, audience: str) -> dict[str, str]:
        """Give a token for a signed assertion, once.

        Args:
            form: the body of the request.
            audience: the address of this endpoint.

        Raises:
            TokenError: 400, something is missing; 401, the assertion is not good.
        """
        if form.get("grant_type") != "client_credentials":
            raise errors.TokenError(400, "unsupported_grant_type", "grant_type is invalid")
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
            raise errors.TokenError(400, "invalid_request", "Missing or invalid client_assertion")
        self._use_up(self._claims(form["client_assertion"], audience=audience))
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._good_until[token] = self._clock.monotonic() + LIFE_SECONDS
        return {"access_token": token, "expires_in": str(LIFE_SECONDS), "token_type": "Bearer"}

    def check(self, authorization: str | None) -> None:
        """See that a request brings a token that is good now.

        Raises:
            ApiError: 401.
        """
        scheme, _, token = (authorization or "").partition(" ")
        with self._lock:
            good_until = self._good_until.get(token, 0.0)
        if scheme.lower() != "bearer" or good_until <= self._clock.monotonic():
            raise errors.of(401, "CM_DENIED", "Access denied")

    def end_all(self) -> None:
        """Let no token be good any more, as after a restart over there."""
        with self._lock:
            self._good_until.clear()

    def _claims(self, assertion: str, *, audience: str) -> dict[str, Any]:
        try:
            key_id = jwt.get_unverified_header(assertion).get("kid", "")
            claims: dict[str, Any] = jwt.decode(
                assertion,
                self._settings.public_key,
                algorithms=[ALGORITHM],
                audience=audience,
                options={"require": ["iss", "sub", "jti", "exp"], "verify_exp": False},
            )
        except jwt.InvalidTokenError as error:
            raise _unwelcome("Client assertion is not good") from error
        if not hmac.compare_digest(str(key_id), self._settings.key_id):
            raise _unwelcome("Unknown kid")
        if not claims["iss"] == claims["sub"] == self._settings.api_key:
            raise _unwelcome("iss and sub must be the API key")
        left = float(claims["exp"]) - self._clock.token_seconds()
        if not 0 < left <= LONGEST_ASSERTION_SECONDS:
            raise _unwelcome("exp must be in the next 5 minutes")
        return claims

    def _use_up(self, claims: Mapping[str, Any]) -> None:
        with self._lock:
            if claims["jti"] in self._used:
                raise _unwelcome("jti was used before")
            self._used.add(claims["jti"])


def _unwelcome(description: str) -> errors.TokenError:
    return errors.TokenError(401, "invalid_client", description)
