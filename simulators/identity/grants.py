"""Codes, access tokens and sessions: what was given, to whom, and until when."""

import secrets
from dataclasses import dataclass, field
from threading import Lock

from simulators.clock import Clock
from simulators.identity.errors import OAuthError
from simulators.identity.facts import Said
from simulators.identity.issuers import Issuer
from simulators.identity.users import User

CODE_SECONDS = 60
ACCESS_SECONDS = 300
SESSION_SECONDS = 8 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in at an issuer, in one browser."""

    session_id: str
    user: User
    role_id: str
    auth_time: int  # epoch seconds
    began: float  # by the clock that a test moves on


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a code stands for."""

    issuer: Issuer
    client_id: str
    redirect_uri: str
    nonce: str
    challenge: str  # S256 of the verifier
    scope: str
    session: Session
    said: Said
    code: str = field(default_factory=lambda: secrets.token_urlsafe(32))


@dataclass(slots=True)
class Grants:
    """All of it, in memory."""

    clock: Clock
    _codes: dict[str, tuple[Grant, float]] = field(default_factory=dict)
    _spent: dict[str, str] = field(default_factory=dict)  # code: the token that it gave
    _access: dict[str, tuple[Grant, float]] = field(default_factory=dict)
    _sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    _told: dict[str, dict[str, str]] = field(default_factory=dict)  # by session
    _lock: Lock = field(default_factory=Lock)

    def give_code(self, grant: Grant, *, seconds: float = CODE_SECONDS) -> str:
        with self._lock:
            self._codes[grant.code] = (grant, self.clock.monotonic() + seconds)
        return grant.code

    def take_code(self, code: str, *, issuer: Issuer, client_id: str) -> Grant:
        """Use a code up.

        Raises:
            OAuthError: it is unknown, too old, another client's, or was used: then the token
                that it gave is no longer good either.
        """
        with self._lock:
            if code in self._spent:
                self._access.pop(self._spent[code], None)
                raise _no_grant("The code was used before.")
            grant, good_until = self._codes.pop(code, (None, 0.0))
            self._spent[code] = ""
        if grant is None or good_until <= self.clock.monotonic():
            raise _no_grant("The code is unknown or too old.")
        if grant.issuer is not issuer or grant.client_id != client_id:
            raise _no_grant("The code was given to another client.")
        return grant

    def give_access(self, grant: Grant) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._access[token] = (grant, self.clock.monotonic() + ACCESS_SECONDS)
            self._spent[grant.code] = token
            told = self._told.setdefault(grant.session.session_id, {})
            told[grant.client_id] = grant.said.subject
        return token

    def behind(self, authorization: str | None, *, issuer: Issuer) -> Grant:
        """Find what a bearer token stands for.

        Raises:
            OAuthError: 401.
        """
        scheme, _, token = (authorization or "").partition(" ")
        with self._lock:
            grant, good_until = self._access.get(token, (None, 0.0))
        is_good = grant is not None and good_until > self.clock.monotonic()
        if scheme.lower() != "bearer" or grant is None or not is_good or grant.issuer is not issuer:
            raise OAuthError(401, "invalid_token", "The access token is not good here.")
        return grant

    def begin_session(self, user: User, *, role_id: str) -> Session:
        session = Session(
            session_id=secrets.token_urlsafe(24),
            user=user,
            role_id=role_id,
            auth_time=int(self.clock.token_seconds()),
            began=self.clock.monotonic(),
        )
        with self._lock:
            self._sessions[user.issuer.path, session.session_id] = session
        return session

    def session(
        self, session_id: str | None, *, issuer: Issuer, max_age: int | None = None
    ) -> Session | None:
        """Find a session that goes on, and is no older than ``max_age`` seconds."""
        with self._lock:
            session = self._sessions.get((issuer.path, session_id or ""))
        if session is None:
            return None
        longest = SESSION_SECONDS if max_age is None else min(max_age, SESSION_SECONDS)
        return session if self.clock.monotonic() - session.began < longest else None

    def end_session(self, session_id: str | None, *, issuer: Issuer) -> Session | None:
        with self._lock:
            return self._sessions.pop((issuer.path, session_id or ""), None)

    def told(self, session: Session) -> dict[str, str]:
        """Say which clients know of a session, and under which ``sub``."""
        with self._lock:
            return dict(self._told.get(session.session_id, {}))

    def end_sessions_of(self, user: User) -> list[Session]:
        with self._lock:
            ended = [one for one in self._sessions.values() if one.user is user]
            for session in ended:
                del self._sessions[user.issuer.path, session.session_id]
        return ended


def _no_grant(description: str) -> OAuthError:
    return OAuthError(400, "invalid_grant", description)
