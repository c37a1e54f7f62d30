"""What a client asks for when it sends a browser here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from simulators.identity import levels
from simulators.identity.clients import Client, Clients
from simulators.identity.errors import BackToClientError, PageError
from simulators.identity.issuers import Issuer

PROMPTS = {"none", "login", "consent", "select_account"}
SECONDS = re.compile(r"[0-9]{1,9}")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
LAST_COUNTS = {"prompt", "login_hint"}  # whoever plays the browser may add them to an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to sign somebody in."""

    client: Client
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scope: str
    prompts: frozenset[str]
    max_age: int | None  # seconds
    hint: str | None
    levels: tuple[str, ...]


def read_client(
    arguments: MultiDict[str, str], *, issuer: Issuer, clients: Clients
) -> tuple[Client, str]:
    """Find out who asks, and where the browser may go back to.

    Raises:
        PageError: nobody we know, or not to this address.
    """
    if len(arguments.getlist("client_id")) != 1 or len(arguments.getlist("redirect_uri")) != 1:
        raise PageError("client_id and redirect_uri are needed, once each.")
    client = clients.find(arguments["client_id"], issuer)
    if client is None:
        raise PageError("No such client here.")
    if arguments["redirect_uri"] not in client.redirect_uris:
        raise PageError("The client did not register this redirect_uri.")
    return client, arguments["redirect_uri"]


def read(
    arguments: MultiDict[str, str], *, client: Client, redirect_uri: str, issuer: Issuer
) -> Asked:
    """Check the rest of the request. State, nonce and PKCE are asked of everybody here.

    Raises:
        BackToClientError: something is missing, malformed or not to be had.
    """
    said = _once(arguments)
    if said.get("response_type") != "code":
        raise BackToClientError("unsupported_response_type", "Only response_type=code.")
    scope = said.get("scope", "")
    if "openid" not in scope.split():
        raise BackToClientError("invalid_scope", "scope holds openid.")
    if unknown := set(scope.split()) - set(issuer.kind.scopes):
        raise BackToClientError("invalid_scope", f"Unknown here: {' '.join(sorted(unknown))}.")
    for name in ("state", "nonce"):
        if not said.get(name):
            raise BackToClientError("invalid_request", f"{name} is needed.")
    challenge = said.get("code_challenge", "")
    if said.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
        raise BackToClientError("invalid_request", "PKCE is needed, with S256.")
    return Asked(
        client=client,
        redirect_uri=redirect_uri,
        state=said["state"],
        nonce=said["nonce"],
        challenge=challenge,
        scope=scope,
        prompts=_prompts(said.get("prompt", "")),
        max_age=_seconds(said.get("max_age")),
        hint=said.get("login_hint"),
        levels=levels.asked(said, issuer=issuer),
    )


def address(uri: str, arguments: Mapping[str, str | None]) -> str:
    """Write the address to which a browser goes back; None leaves an argument out."""
    said = urlencode({name: value for name, value in arguments.items() if value is not None})
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{said}"


def _once(arguments: MultiDict[str, str]) -> dict[str, str]:
    said = {name: values[-1] for name, values in arguments.lists()}
    for name, values in arguments.lists():
        if len(values) > 1 and name not in LAST_COUNTS:
            raise BackToClientError("invalid_request", f"{name} was said twice.")
    return said


def _prompts(text: str) -> frozenset[str]:
    prompts = frozenset(text.split())
    if prompts - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise BackToClientError("invalid_request", "There is no such prompt.")
    return prompts


def _seconds(text: str | None) -> int | None:
    if text is None:
        return None
    if not SECONDS.fullmatch(text):
        raise BackToClientError("invalid_request", "max_age is a number of seconds.")
    return int(text)
