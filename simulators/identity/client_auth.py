"""Who is at the token endpoint: a signed assertion that is good once, or a client's secret."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError

from simulators.clock import Clock
from simulators.identity.clients import Client, Clients, PublicKey
from simulators.identity.errors import OAuthError
from simulators.identity.issuers import SECRET, Issuer

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION_SECONDS = 300
NEEDED = {"iss", "sub", "aud", "jti", "exp"}


@dataclass(slots=True)
class ClientAuth:
    """The clients, and the assertions that are used up."""

    clients: Clients
    clock: Clock
    _used: set[tuple[str, str, str]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def client(
        self,
        form: Mapping[str, str],
        *,
        authorization: str | None,
        issuer: Issuer,
        token_url: str,
    ) -> Client:
        """Find out which client is asking.

        Args:
            form: the body of the request.
            authorization: the header.
            issuer: whose token endpoint it is.
            token_url: its address, which an assertion has to name.

        Raises:
            OAuthError: 401; 400 where a client says in two ways who it is.
        """
        if authorization is not None and "client_assertion" in form:
            raise OAuthError(400, "invalid_request", "Say once who you are.")
        if "client_secret" in form:
            raise _unwelcome("No secret goes into the body.")
        if authorization is not None and SECRET in issuer.kind.client_methods:
            return self._by_secret(authorization, form, issuer=issuer)
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
            raise _unwelcome(f"Say who you are by {' or '.join(issuer.kind.client_methods)}.")
        return self._by_assertion(form, issuer=issuer, token_url=token_url)

    def _by_secret(self, authorization: str, form: Mapping[str, str], *, issuer: Issuer) -> Client:
        scheme, _, said = authorization.partition(" ")
        try:
            name, _, secret = base64.b64decode(said, validate=True).decode().partition(":")
        except ValueError as error:
            raise _unwelcome("The Authorization header cannot be read.") from error
        client = self.clients.find(unquote_plus(name), issuer)
        known = client.secret if client else ""
        is_right = hmac.compare_digest(unquote_plus(secret).encode(), known.encode())
        if scheme.lower() != "basic" or client is None or not known or not is_right:
            raise _unwelcome("Unknown client, or a wrong secret.")
        return _same(client, form)

    def _by_assertion(self, form: Mapping[str, str], *, issuer: Issuer, token_url: str) -> Client:
        assertion = form["client_assertion"]
        try:
            client, key = self._signer(assertion, issuer=issuer)
            token = jwt.decode(assertion, key, algorithms=issuer.kind.client_algorithms)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise _unwelcome("The assertion is not good.") from error
        self._check(token.claims, client=client, issuer=issuer, token_url=token_url)
        return _same(client, form)

    def _signer(self, assertion: str, *, issuer: Issuer) -> tuple[Client, PublicKey]:
        """Find who says that they signed, and the key of theirs that would show it."""
        header, payload = (_object(part) for part in assertion.split(".")[:2])
        client = self.clients.find(payload.get("iss"), issuer)
        if client is None:
            raise _unwelcome("Unknown client.")
        named = [key for key in client.keys if header.get("kid") in {None, key.kid}]
        if len(named) != 1:
            raise _unwelcome("The assertion names no key of the client.")
        return client, named[0]

    def _check(
        self, claims: Mapping[str, Any], *, client: Client, issuer: Issuer, token_url: str
    ) -> None:
        """See that an assertion is for here and now, and use it up."""
        if missing := NEEDED - set(claims):
            raise _unwelcome(f"The assertion lacks {', '.join(sorted(missing))}.")
        if not claims["iss"] == claims["sub"] == client.client_id:
            raise _unwelcome("iss and sub are the client's id.")
        if claims["aud"] not in (token_url, [token_url]):
            raise _unwelcome("aud is the address of the token endpoint.")
        now = self.clock.token_seconds()
        if not _is_number(claims["exp"]) or not 0 < claims["exp"] - now <= (
            LONGEST_ASSERTION_SECONDS
        ):
            raise _unwelcome("exp is within the next five minutes.")
        if not _is_number(claims.get("nbf", 0)) or claims.get("nbf", 0) > now:
            raise _unwelcome("The assertion is not good yet.")
        if not isinstance(claims["jti"], str) or not claims["jti"]:
            raise _unwelcome("jti is a text.")
        used = (issuer.path, client.client_id, claims["jti"])
        with self._lock:
            if used in self._used:
                raise _unwelcome("jti was used before.")
            self._used.add(used)


def _same(client: Client, form: Mapping[str, str]) -> Client:
    if form.get("client_id", client.client_id) != client.client_id:
        raise _unwelcome("client_id is another client's.")
    return client


def _object(part: str) -> dict[str, Any]:
    found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(found, dict):
        raise _unwelcome("The assertion is not good.")
    return found


def _is_number(value: object) -> bool:
    return type(value) in {int, float}


def _unwelcome(description: str) -> OAuthError:
    return OAuthError(401, "invalid_client", description)
