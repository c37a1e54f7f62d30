"""Signing out: where a browser goes afterwards, and the tokens that tell clients of it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from simulators.identity import asking
from simulators.identity.clients import Client
from simulators.identity.errors import PageError
from simulators.identity.grants import Session
from simulators.identity.issuers import Issuer
from simulators.identity.provider import Provider
from simulators.identity.tokens import Draft

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFE_SECONDS = 120
TIMEOUT_SECONDS = 3


def read(arguments: Mapping[str, str], *, issuer: Issuer, provider: Provider) -> str | None:
    """Find where the browser goes after signing out. None: it stays.

    Raises:
        PageError: the hint is none of our tokens, or the address is not registered.
    """
    client_id = arguments.get("client_id")
    if "id_token_hint" in arguments:
        audience = _audience(arguments["id_token_hint"], issuer)
        if client_id not in {None, audience}:
            raise PageError("The hint is for another client.")
        client_id = audience
    uri = arguments.get("post_logout_redirect_uri")
    if uri is None:
        return None
    client = provider.clients.find(client_id, issuer)
    if client is None or uri not in client.logout_uris:
        raise PageError("The client did not register this post_logout_redirect_uri.")
    return asking.address(uri, {"state": arguments["state"]} if "state" in arguments else {})


def tell(session: Session, *, provider: Provider) -> None:
    """Send a logout token to every client that knows of a session and wants to hear of its end."""
    issuer = session.user.issuer
    for client_id, subject in provider.grants.told(session).items():
        client = provider.clients.find(client_id, issuer)
        if client is not None and client.backchannel_uri:
            token = _token(client, subject, session=session, provider=provider)
            provider.log.write(
                "logout_told",
                issuer=issuer.path,
                client_id=client_id,
                outcome=_post(client.backchannel_uri, token),
            )


def _audience(hint: str, issuer: Issuer) -> str:
    try:
        keys = KeySet.import_key_set({"keys": issuer.keys.published()})  # type: ignore[typeddict-item]
        return str(jwt.decode(hint, keys, algorithms=[issuer.algorithm]).claims.get("aud"))
    except (JoseError, ValueError) as error:
        raise PageError("The hint is no token of ours.") from error


def _token(client: Client, subject: str, *, session: Session, provider: Provider) -> str:
    issuer, now = session.user.issuer, provider.now()
    draft = Draft(
        claims={
            "iss": provider.url(issuer),
            "aud": client.client_id,
            "sub": subject,
            "sid": session.session_id,
            "iat": now,
            "exp": now + LIFE_SECONDS,
            "jti": str(uuid4()),
            "events": {EVENT: {}},
        },
        key=issuer.keys.in_use(),
        algorithm=issuer.algorithm,
        type="logout+jwt",
    )
    own = {
        "no_event": lambda claims: {**claims, "events": {}},
        "with_nonce": lambda claims: {**claims, "nonce": "of-a-sign-in"},
        "about_nobody": lambda claims: {
            name: is_ for name, is_ in claims.items() if name not in {"sub", "sid"}
        },
    }
    rule = provider.faults.take("bad_logout_token", type=issuer.path, variants=own)
    if rule is not None:
        return replace(draft, claims=own[rule.variant or ""](draft.claims)).signed()
    return provider.signed(draft, fault="bad_logout_token", issuer=issuer)


def _post(uri: str, token: str) -> str:
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                uri,
                data={"logout_token": token},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException as error:
        return type(error).__name__
    return str(answer.status_code)
