"""One browser's way to a provider and back, step by step."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from services.gateway.calling import Callers
from services.gateway.provider_client import CodeRefusedError, ProviderClient
from services.gateway.recognising.learnt import Said, learn
from services.gateway.sessions.commands import BeginSession, Kind
from services.gateway.sessions.handlers import begin as begin_session
from services.gateway.sessions.handlers import end, end_at_provider
from services.gateway.signing_in import handlers, rules
from services.gateway.signing_in.commands import App, BeginSignIn
from services.gateway.signing_in.models import SignIn
from services.gateway.tokens import handlers as tokens
from services.gateway.tokens import signed
from services.gateway.tokens.rules import (
    BadTokenError,
    check_access_token,
    check_demands,
    check_id_token,
    check_logout_token,
)

STATE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What a browser brings back from a provider."""

    state: str
    code: str
    issuer: str | None  # as the provider names itself beside the code
    browser: str  # the secret of the browser's cookie
    former: str  # the secret of its session before; empty: it had none
    request_id: str


@dataclass(frozen=True, kw_only=True)
class SigningIn:
    """Signs people in."""

    clients: Mapping[str, ProviderClient]
    transactions: sessionmaker[Session]
    callers: Callers
    now: Callable[[], datetime]

    def begin(self, name: str, *, browser: str, return_to: str, app: App | None) -> str:
        """Return where the browser goes.

        Raises:
            ProviderAwayError: the provider is away.
        """
        state = secrets.token_urlsafe(STATE_BYTES)
        address = self.clients[name].address(
            state=state,
            nonce=rules.own_secret(browser, state, "nonce"),
            verifier=rules.own_secret(browser, state, "verifier"),
        )
        command = BeginSignIn(
            provider=name, state=state, browser=browser, return_to=return_to, app=app
        )
        with self.transactions.begin() as session:
            handlers.begin(command, session=session, at=self.now())
        return address

    def come_back(self, name: str, back: Back) -> tuple[SignIn, str]:
        """Let somebody in: return their sign-in, and the session's secret or the app's code.

        Raises:
            BadTokenError: something is not as it must be.
            CodeRefusedError or ProviderAwayError: of the provider.
            ProblemError: they are nobody here.
        """
        client = self.clients[name]
        with self.transactions.begin() as session:
            sign_in = handlers.take(
                back.state, provider=name, browser=back.browser, session=session, at=self.now()
            )
        if sign_in is None:
            raise BadTokenError("state")
        self._check_issuer(client, back)
        if not back.code:
            raise CodeRefusedError
        said = self._said(client, back)
        learnt = learn(said, callers=self.callers, request_id=back.request_id)
        command = BeginSession(
            kind=Kind.BROWSER if sign_in.app is None else Kind.APP,
            actor_id=learnt.actor_id,
            choices=learnt.choices,
            chosen=learnt.chosen,
            provider=name,
            subject=said.claims["sub"],
            provider_session=str(said.claims.get("sid", "")),
        )
        at = self.now()
        with self.transactions.begin() as session:
            session_id, secret = begin_session(command, session=session, at=at)
            return sign_in, self._handed_over(
                sign_in, session_id, secret, former=back.former, session=session, at=at
            )

    def hear_of_end(self, token: str) -> int:
        """End the sessions that a provider says have ended, and return how many they were.

        Raises:
            BadTokenError: no provider of ours says so.
            ProviderAwayError: its keys cannot be read.
        """
        issuer, at = signed.unproved(token, "iss"), self.now()
        client = next((one for one in self.clients.values() if one.provider.issuer == issuer), None)
        if client is None:
            raise BadTokenError("iss")
        provider = client.provider
        told = signed.read(token, algorithms={provider.algorithm}, keys_of=client.keys_of).claims
        check_logout_token(
            told, issuer=issuer, client_id=provider.client_id, at_seconds=at.timestamp()
        )
        with self.transactions.begin() as session:
            tokens.use(issuer, told, session=session, at=at)
            return end_at_provider(
                provider.name,
                subject=told.get("sub", ""),
                provider_session=told.get("sid", ""),
                session=session,
            )

    def _said(self, client: ProviderClient, back: Back) -> Said:
        """Return what the provider says, once it is found right."""
        provider = client.provider
        verifier = rules.own_secret(back.browser, back.state, "verifier")
        found = client.exchange(back.code, verifier=verifier)
        token = signed.read(found.id_token, algorithms={provider.algorithm}, keys_of=client.keys_of)
        check_id_token(
            token.claims,
            issuer=provider.issuer,
            client_id=provider.client_id,
            nonce=rules.own_secret(back.browser, back.state, "nonce"),
            max_age_seconds=provider.max_age_seconds,
            at_seconds=self.now().timestamp(),
        )
        check_access_token(token.claims, access_token=found.access_token, algorithm=token.algorithm)
        check_demands(token.claims, provider.demands)
        userinfo = client.userinfo(found.access_token)
        if userinfo.get("sub") != token.claims["sub"]:
            raise BadTokenError("userinfo")
        return Said(provider=provider, claims=token.claims, userinfo=userinfo)

    def _handed_over(
        self,
        sign_in: SignIn,
        session_id: UUID,
        secret: str,
        *,
        former: str,
        session: Session,
        at: datetime,
    ) -> str:
        """Return what the browser takes along; its session before, if it had one, has ended."""
        if sign_in.app is not None:
            return handlers.give_code(sign_in.app, session_id, session=session, at=at)
        if former:
            end(former, session=session)
        return secret

    def _check_issuer(self, client: ProviderClient, back: Back) -> None:
        """See that whoever we asked has answered (RFC 9207)."""
        provider = client.provider
        is_missing = back.issuer is None and provider.names_itself
        if is_missing or back.issuer not in {None, provider.issuer}:
            raise BadTokenError("another issuer")
