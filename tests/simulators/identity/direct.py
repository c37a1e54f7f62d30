"""A client without a library: it says whatever a test wants it to say."""

import hashlib
import time
from typing import Any
from uuid import uuid4

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from simulators.identity.tokens import encoded
from tests.simulators import identity_server as server
from tests.simulators.identity.relying_party import SCOPES, arguments

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
VERIFIER = "a-verifier-of-at-least-forty-three-characters"
CHALLENGE = encoded(hashlib.sha256(VERIFIER.encode()).digest()).decode()


def authorise(url: str, path: str, **changed: Any) -> requests.Response:
    """Ask for a code; None leaves an argument out."""
    said = {
        "response_type": "code",
        "client_id": server.CLIENT_ID,
        "redirect_uri": server.CALLBACK,
        "scope": SCOPES.get(path, "openid"),
        "state": "a-state",
        "nonce": "a-nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "login_hint": "alex",
        "prompt": "none",
        **changed,
    }
    said = {name: value for name, value in said.items() if value is not None}
    return requests.get(f"{url}{path}/authorize", params=said, allow_redirects=False, timeout=10)


def a_code(url: str, path: str = "/nhs-login", **changed: Any) -> str:
    return arguments(authorise(url, path, **changed).headers["Location"])["code"]


def an_assertion(
    url: str,
    path: str = "/nhs-login",
    *,
    key: RSAKey = server.PRIVATE_KEY,
    algorithm: str = "RS512",
    header: dict | None = None,
    leave_out: str = "",
    **changed: Any,
) -> str:
    claims = {
        "iss": server.CLIENT_ID,
        "sub": server.CLIENT_ID,
        "aud": f"{url}{path}/token",
        "jti": str(uuid4()),
        "exp": int(time.time()) + 60,
        **changed,
    }
    claims.pop(leave_out, None)
    whole = {"alg": algorithm, **({"kid": server.KEY_ID} if header is None else header)}
    return jwt.encode(whole, claims, key, algorithms=[algorithm])


def exchange(
    url: str, path: str = "/nhs-login", *, assertion: str | None = None, **changed: Any
) -> requests.Response:
    """Ask for tokens with an assertion, a good one unless there is another."""
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": server.CALLBACK,
        "code_verifier": VERIFIER,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": an_assertion(url, path) if assertion is None else assertion,
        **changed,
    }
    form = {name: value for name, value in form.items() if value is not None}
    return requests.post(f"{url}{path}/token", data=form, timeout=10)
