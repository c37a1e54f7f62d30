"""Where clients come: discovery, keys, tokens and what is known of who signed in."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from simulators.identity import discovery
from simulators.identity.clients import Client
from simulators.identity.errors import OAuthError
from simulators.identity.grants import ACCESS_SECONDS, Grant
from simulators.identity.issuers import CIS2, COUNCIL, Issuer
from simulators.identity.provider import Provider
from simulators.identity.tokens import Draft, encoded, half_hash

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
ID_TOKEN_SECONDS = 300


class Back:
    """The endpoints of every issuer that clients ask themselves."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def discover(self, path: str) -> ResponseReturnValue:
        issuer = self.provider.issuer(path)
        self.provider.break_down("discovery", issuer)
        document = discovery.document(
            issuer, url=self.provider.url(issuer), browser_url=self.provider.browser_url(issuer)
        )
        match self.provider.variant("bad_discovery", issuer):
            case "other_issuer":
                document["issuer"] = self.provider.url(self.provider.issuers.other_than(issuer))
            case "no_keys_address":
                del document["jwks_uri"]
            case "other_scheme":
                document["jwks_uri"] = "ftp://127.0.0.1/keys"
            case "not_json":
                return "<p>Not here.</p>", 200
        return jsonify(document)

    def keys(self, path: str) -> ResponseReturnValue:
        issuer = self.provider.issuer(path)
        self.provider.break_down("keys", issuer)
        self.provider.log.write("keys_read", issuer=issuer.path)
        match self.provider.variant("bad_keys", issuer):
            case "none":
                return jsonify(keys=[])
            case "strangers":
                return jsonify(keys=self.provider.stranger(issuer.algorithm).published())
            case "not_json":
                return "<p>Not here.</p>", 200
        return jsonify(keys=issuer.keys.published())

    def token(self, path: str) -> ResponseReturnValue:
        """Give tokens for a code, or to a partner's system on its own account."""
        issuer = self.provider.issuer(path)
        self.provider.break_down("token", issuer)
        form = request.form
        if any(len(values) > 1 for _, values in form.lists()):
            raise OAuthError(400, "invalid_request", "Something was said twice.")
        client = self.provider.client_auth.client(
            form,
            authorization=request.headers.get("Authorization"),
            issuer=issuer,
            token_url=f"{self.provider.url(issuer)}/token",
        )
        wanted = "authorization_code" if issuer.kind.signs_people_in else "client_credentials"
        if form.get("grant_type") != wanted:
            raise OAuthError(400, "unsupported_grant_type", f"Only {wanted} here.")
        if issuer.kind.signs_people_in:
            answer = self._tokens(self._grant(form, client=client, issuer=issuer))
        else:
            answer = self._system_token(form, client=client, issuer=issuer)
        self.provider.log.write("tokens_given", issuer=issuer.path, client_id=client.client_id)
        return self._told(answer, issuer)

    def userinfo(self, path: str) -> ResponseReturnValue:
        issuer = self.provider.issuer(path)
        self.provider.break_down("userinfo", issuer)
        grant = self.provider.grants.behind(request.headers.get("Authorization"), issuer=issuer)
        said = {"sub": grant.said.subject, **grant.said.at_userinfo}
        match self.provider.variant("bad_userinfo", issuer):
            case "other_subject":
                said["sub"] = "somebody-else"
            case "no_subject":
                del said["sub"]
            case "not_json":
                return "<p>Not here.</p>", 200
        return jsonify(said)

    def _grant(self, form: Mapping[str, str], *, client: Client, issuer: Issuer) -> Grant:
        """Take what a code stands for.

        Raises:
            OAuthError: 400; the code is used up all the same.
        """
        grant = self.provider.grants.take_code(
            form.get("code", ""), issuer=issuer, client_id=client.client_id
        )
        if form.get("redirect_uri") != grant.redirect_uri:
            raise OAuthError(400, "invalid_grant", "The redirect_uri is another one.")
        verifier = form.get("code_verifier", "")
        challenge = encoded(hashlib.sha256(verifier.encode()).digest())
        is_right = hmac.compare_digest(challenge, grant.challenge.encode())
        if not VERIFIER.fullmatch(verifier) or not is_right:
            raise OAuthError(400, "invalid_grant", "The code_verifier does not fit.")
        return grant

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        access = self.provider.grants.give_access(grant)
        issuer = grant.issuer
        draft = Draft(
            claims=self._claims(grant, access=access),
            key=issuer.keys.in_use(),
            algorithm=issuer.algorithm,
        )
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "scope": grant.scope,
            "id_token": self.provider.signed(draft, fault="bad_id_token", issuer=issuer),
        }

    def _claims(self, grant: Grant, *, access: str) -> dict[str, Any]:
        issuer, now = grant.issuer, self.provider.now()
        own: dict[str, Any] = {}
        if issuer.kind is CIS2:
            own = {"azp": grant.client_id, "sid": grant.session.session_id}
        if issuer.kind is COUNCIL:
            own = {"nbf": now, "sid": grant.session.session_id}
        return {
            "iss": self.provider.url(issuer),
            "sub": grant.said.subject,
            "aud": grant.client_id,
            "iat": now,
            "exp": now + ID_TOKEN_SECONDS,
            "auth_time": grant.session.auth_time,
            "nonce": grant.nonce,
            "jti": str(uuid4()),
            "at_hash": half_hash(access, algorithm=issuer.algorithm),
            **own,
            **grant.said.in_token,
        }

    def _system_token(
        self, form: Mapping[str, str], *, client: Client, issuer: Issuer
    ) -> dict[str, Any]:
        scopes = form["scope"].split() if "scope" in form else list(client.scopes)
        if set(scopes) - set(client.scopes):
            raise OAuthError(400, "invalid_scope", "The client may not ask for this.")
        now = self.provider.now()
        draft = Draft(
            claims={
                "iss": self.provider.url(issuer),
                "sub": client.client_id,
                "client_id": client.client_id,
                "aud": self.provider.settings.audience,
                "iat": now,
                "nbf": now,
                "exp": now + ACCESS_SECONDS,
                "jti": str(uuid4()),
                "scope": " ".join(scopes),
                **({"organisation": client.organisation} if client.organisation else {}),
            },
            key=issuer.keys.in_use(),
            algorithm=issuer.algorithm,
            type="at+jwt",
        )
        return {
            "access_token": self.provider.signed(draft, fault="bad_access_token", issuer=issuer),
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "scope": " ".join(scopes),
        }

    def _told(self, tokens: dict[str, Any], issuer: Issuer) -> Response:
        match self.provider.variant("bad_token_answer", issuer):
            case "no_id_token":
                tokens.pop("id_token", None)
            case "no_access_token":
                del tokens["access_token"]
            case "other_token_type":
                tokens["token_type"] = "mac"  # noqa: S105 - a type's name
            case "not_json":
                return Response("<p>Not here.</p>")
        answer = jsonify(tokens)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def back_routes(provider: Provider) -> Blueprint:
    routes, back = Blueprint("back", __name__), Back(provider)
    add = routes.add_url_rule
    add(f"/<path:path>{discovery.WELL_KNOWN}", view_func=back.discover)
    add(f"/<path:path>{discovery.KEYS}", view_func=back.keys)
    add("/<path:path>/token", view_func=back.token, methods=["POST"])
    add("/<path:path>/userinfo", view_func=back.userinfo, methods=["GET", "POST"])
    return routes
