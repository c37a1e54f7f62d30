"""A relying party made of Authlib's own client, and a browser that it sends to the simulator."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from tests.simulators import identity_server as server

SCOPES = {
    "/nhs-login": "openid profile email phone gp_registration_details",
    "/cis2": "openid profile email nhsperson nationalrbacaccess associatedorgs selectedrole",
    "/council/E09999999": "openid profile email",
    "/council/E09999998": "openid profile email",
}
ASSERTION_SECONDS = 60
MAX_AGE_SECONDS = 3_600
REFUSALS = (AuthlibBaseError, JoseError, ValueError, KeyError, requests.RequestException)


class ShortAssertion(PrivateKeyJWT):
    """Authlib's own assertions are good for an hour; here none may be for more than 5 minutes."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(
            auth.client_secret,
            auth.client_id,
            token_endpoint,
            alg=self.alg,
            header={"kid": server.KEY_ID},
            expires_in=ASSERTION_SECONDS,
        )


class RelyingParty:
    """One web application with a way in by one issuer."""

    def __init__(self, url: str, path: str, *, trusts_authlib: bool, **authorise: str) -> None:
        self.issuer = url + path
        self.path = path
        self.browser = requests.Session()
        app = Flask(__name__)
        app.secret_key = "for the session's cookie"
        self.oauth = OAuth(app).register("provider", **self._registration(path))

        @app.get("/login")
        def login() -> ResponseReturnValue:
            return self.oauth.authorize_redirect(
                server.CALLBACK, max_age=MAX_AGE_SECONDS, **authorise
            )

        @app.get("/callback")
        def callback() -> ResponseReturnValue:
            if request.args.get("iss", self.issuer) != self.issuer:
                return jsonify(refused="another issuer answered"), 401
            try:
                token = self.oauth.authorize_access_token()
                said = self.oauth.userinfo(token=token)
            except REFUSALS as no:
                return jsonify(refused=f"{type(no).__name__}: {no}"), 401
            problems = [] if trusts_authlib else unnoticed(token.get("userinfo", {}), said)
            if problems:
                return jsonify(refused=problems), 401
            return jsonify(id_token=token["userinfo"], userinfo=said, raw=token)

        self.client = app.test_client()

    def _registration(self, path: str) -> dict[str, Any]:
        is_council = path.startswith("/council/")
        method = "client_secret_basic" if is_council else "private_key_jwt"
        algorithm = "RS512" if path == "/nhs-login" else "RS256"
        return {
            "client_id": server.CLIENT_ID,
            "client_secret": server.CLIENT_SECRET if is_council else server.PRIVATE_KEY,
            "server_metadata_url": f"{self.issuer}/.well-known/openid-configuration",
            "client_auth_methods": [] if is_council else [ShortAssertion(alg=algorithm)],
            "client_kwargs": {
                "scope": SCOPES[path],
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": method,
            },
        }

    def address(self, **more: str) -> str:
        """Where the relying party sends a browser, with arguments added by the browser."""
        found = self.client.get("/login").headers["Location"]
        return f"{found}&{urlencode(more)}" if more else found

    def sent_back(self, user: str, **more: str) -> str:
        """The address to which the browser comes back."""
        answer = self.browser.get(
            self.address(login_hint=user, prompt="none", **more), allow_redirects=False, timeout=10
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def come_back(self, address: str) -> Any:
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, user: str, **more: str) -> Any:
        """Sign somebody in, and return what the relying party then answers."""
        return self.come_back(self.sent_back(user, **more))


def unnoticed(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> list[str]:
    """Check what Authlib's client does not: what is wrong with a sign-in all the same."""
    signed_in_at = id_token.get("auth_time", 0)
    checks = {
        "for somebody else": id_token.get("aud") in (server.CLIENT_ID, [server.CLIENT_ID]),
        "too long ago": time.time() - signed_in_at <= MAX_AGE_SECONDS,
        "about nobody": bool(id_token.get("sub")),
        "userinfo about another": userinfo.get("sub") == id_token.get("sub"),
    }
    return [problem for problem, is_fine in checks.items() if not is_fine]


def arguments(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
