"""Who a request is from: by the cookie of a browser, or by a bearer token."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import g, request
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.wrappers import Response

from services.gateway.limits.limiter import Limiter, too_many_requests
from services.gateway.problems import ProblemError, not_signed_in
from services.gateway.sessions import handlers
from services.gateway.sessions.commands import Kind
from services.gateway.sessions.models import SignedIn
from services.gateway.visitors import Visitor

COOKIE = "__Host-session"
CSRF_HEADER = "X-CSRF-Token"
LONGEST_SECRET = 200  # characters
_SAFE = {"GET", "HEAD", "OPTIONS"}
_BY_COOKIE = frozenset({Kind.BROWSER})
_BY_TOKEN = frozenset({Kind.APP, Kind.SYSTEM})


@dataclass(frozen=True, kw_only=True)
class Who:
    """Recognises who asks."""

    transactions: sessionmaker[Session]
    now: Callable[[], datetime]
    limiter: Limiter

    def visitor(self) -> Visitor:
        """Return who asks, in the role they chose.

        Raises:
            ProblemError: nobody is signed in, the CSRF token is missing, or no role is chosen.
        """
        visitor = self.signed_in().visitor()
        if visitor is None:
            raise _no_role_chosen()
        return visitor

    def signed_in(self) -> SignedIn:
        """Return the session of the request.

        Raises:
            ProblemError: there is none, a cookie's request comes without its CSRF token, or they
                ask too much at once.
        """
        secret, kinds = presented()
        with self.transactions.begin() as session:
            found = handlers.resume(secret, kinds, session=session, at=self.now())
            if found is None:
                # Not raised here: that would take back that a session has ended.
                wait = None
            else:
                wait = self.limiter.take_request(found.client, session=session)
        if found is None:
            raise not_signed_in()
        if wait is not None:
            raise too_many_requests(wait)
        if found.kind is Kind.BROWSER and request.method not in _SAFE:
            _check_csrf(secret)
        g.session_secret = secret
        return found


def presented() -> tuple[str, frozenset[Kind]]:
    """Return the secret that came with the request, and what kinds of session it may be of.

    A token counts before a cookie: a page of another site can send the cookie, not the token.
    """
    authorisation = request.headers.get("Authorization")
    if authorisation is not None:
        scheme, _, secret = authorisation.partition(" ")
        kinds = _BY_TOKEN if scheme.lower() == "bearer" else frozenset()
    else:
        secret, kinds = request.cookies.get(COOKIE, ""), _BY_COOKIE
    if not secret or len(secret) > LONGEST_SECRET:
        raise not_signed_in()
    return secret, kinds


def csrf_token(secret: str) -> str:
    """Return what a page of ours sends with each request that changes something."""
    made = hmac.new(secret.encode(), b"csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def keep(answer: Response, secret: str) -> None:
    """Give a browser the cookie of its session."""
    answer.set_cookie(COOKIE, secret, secure=True, httponly=True, samesite="Lax", path="/")


def forget(answer: Response) -> None:
    """Take the cookie away."""
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")


def _check_csrf(secret: str) -> None:
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), csrf_token(secret).encode()):
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            "csrf_token_wanted",
            "This did not come from a page of ours.",
            next_step=f"Send csrf_token of GET /v1/me in the header {CSRF_HEADER}.",
        )


def _no_role_chosen() -> ProblemError:
    return ProblemError(
        HTTPStatus.FORBIDDEN,
        "no_role_chosen",
        "You have several roles, and none is chosen.",
        next_step="Look at choices in GET /v1/me and choose one by PUT /v1/me/role.",
    )
