"""Speaking to an identity provider: its addresses, its keys, and a code for tokens.

Each call has an end, follows nobody elsewhere and reads no more than so many bytes.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign

from services.gateway.providers import Provider

TIMEOUT_SECONDS = (3, 10)  # to connect; for its answer
LARGEST_ANSWER_BYTES = 256 * 1024
METADATA_SECONDS = 3_600
KEYS_SECONDS = 600
KEYS_AGAIN_SECONDS = 10  # an unknown kid makes us look again, not more often than this
ASSERTION_SECONDS = 60
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")

# At level debug it writes what proves that a code is ours.
logging.getLogger("authlib").setLevel(logging.WARNING)


class ProviderAwayError(Exception):
    """It does not answer, or not as a provider does."""


class CodeRefusedError(Exception):
    """It gives no tokens for this code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a code was exchanged for."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class _ShortAssertion(PrivateKeyJWT):
    """Authlib's own is good for an hour; this one for a minute, with a new ``jti`` each."""

    def sign(self, auth: Any, token_endpoint: str) -> str:
        signed: str = private_key_jwt_sign(
            auth.client_secret,
            auth.client_id,
            token_endpoint,
            alg=self.alg,
            header={"kid": auth.client_secret.kid},
            expires_in=ASSERTION_SECONDS,
        )
        return signed


class ProviderClient:
    """One provider, as we reach it."""

    def __init__(self, provider: Provider, *, callback: str) -> None:
        self.provider = provider
        self._callback = callback
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: Sequence[Mapping[str, Any]] = ()
        self._metadata_at = self._keys_at = float("-inf")

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser goes to sign in.

        Raises:
            ProviderAwayError: the provider does not say where that is.
        """
        provider = self.provider
        with self._session() as session:
            address, _ = session.create_authorization_url(
                self._address_of("authorization_endpoint"),
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                max_age=str(provider.max_age_seconds),
                **provider.asks,
            )
        return str(address)

    def exchange(self, code: str, *, verifier: str) -> Tokens:
        """Exchange a code for tokens, which nobody has looked at yet.

        Raises:
            CodeRefusedError: the provider refuses, or gives no tokens.
            ProviderAwayError: it does not answer.
        """
        endpoint = self._address_of("token_endpoint")
        try:
            with self._session() as session:
                found = session.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
        except requests.RequestException:
            raise ProviderAwayError from None
        except (AuthlibBaseError, ValueError, TypeError):
            raise CodeRefusedError from None
        id_token, access_token = found.get("id_token"), found.get("access_token")
        is_bearer = str(found.get("token_type", "")).lower() == "bearer"
        if not (isinstance(id_token, str) and isinstance(access_token, str) and is_bearer):
            raise CodeRefusedError
        return Tokens(id_token=id_token, access_token=access_token)

    def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """Return what the provider knows of whoever signed in.

        Raises:
            ProviderAwayError: it does not say.
        """
        return _get(
            self._address_of("userinfo_endpoint"), {"Authorization": f"Bearer {access_token}"}
        )

    def keys_of(self, kid: str) -> Sequence[Mapping[str, Any]]:
        """Return the provider's keys of this id; one that is unknown may have come lately.

        Raises:
            ProviderAwayError: it does not show its keys.
        """
        found = self._known(kid, older_than_seconds=KEYS_SECONDS)
        return found or self._known(kid, older_than_seconds=KEYS_AGAIN_SECONDS)

    def _known(self, kid: str, *, older_than_seconds: float) -> Sequence[Mapping[str, Any]]:
        address = self._address_of("jwks_uri")
        with self._lock:
            if time.monotonic() - self._keys_at > older_than_seconds:
                published = _get(address).get("keys")
                if not isinstance(published, list):
                    raise ProviderAwayError
                self._keys = [one for one in published if isinstance(one, Mapping)]
                self._keys_at = time.monotonic()
            return [one for one in self._keys if one.get("kid") == kid]

    def _address_of(self, name: str) -> str:
        with self._lock:
            if time.monotonic() - self._metadata_at > METADATA_SECONDS:
                issuer = self.provider.issuer
                found = _get(f"{issuer}/.well-known/openid-configuration")
                is_whole = all(_is_like(found.get(one), issuer) for one in ADDRESSES)
                if found.get("issuer") != issuer or not is_whole:
                    raise ProviderAwayError
                self._metadata, self._metadata_at = found, time.monotonic()
            return str(self._metadata[name])

    def _session(self) -> OAuth2Session:
        provider = self.provider
        method = "private_key_jwt" if provider.assertion_algorithm else "client_secret_basic"
        session = OAuth2Session(
            provider.client_id,
            provider.secret,
            token_endpoint_auth_method=method,
            scope=provider.scope,
            redirect_uri=self._callback,
            code_challenge_method="S256",
        )
        session.trust_env = False
        if provider.assertion_algorithm:
            session.register_client_auth_method(_ShortAssertion(alg=provider.assertion_algorithm))
        return session


def _is_like(address: object, issuer: str) -> bool:
    """Whether a provider's address is one, and by the same way: of https nothing leads to http."""
    if not isinstance(address, str):
        return False
    found = urlsplit(address)
    return found.scheme == urlsplit(issuer).scheme and bool(found.hostname)


def _get(address: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(
                address,
                headers=dict(headers or {}),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(LARGEST_ANSWER_BYTES + 1, decode_content=True)
                is_fine = answer.status_code == requests.codes.ok
        found = json.loads(body) if len(body) <= LARGEST_ANSWER_BYTES else None
    except (requests.RequestException, OSError, ValueError, RecursionError):
        raise ProviderAwayError from None
    if not is_fine or not isinstance(found, Mapping):
        raise ProviderAwayError
    return found
