"""A partner's system shows who it is, and gets a token of a few minutes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.gateway.partner_systems.clients import Client
from services.gateway.sessions.commands import BeginSession, Choice, Kind
from services.gateway.sessions.handlers import begin
from services.gateway.tokens import handlers as tokens
from services.gateway.tokens import signed
from services.gateway.tokens.rules import BadTokenError, check_assertion

LASTS = timedelta(minutes=5)
ROLE = "partner_system"


def give_token(
    assertion: object,
    *,
    client_id: str | None,
    clients: Mapping[str, Client],
    audience: str,
    session: Session,
    at: datetime,
) -> tuple[Client, str]:
    """Return whose system this is, and the secret of its session.

    Args:
        assertion: signed by the system.
        client_id: as it is said beside the assertion, if it is.
        clients: those we know.
        audience: the one ``aud`` that counts.
        session: of the database.
        at: the time of day.

    Raises:
        BadTokenError: the assertion is none of a client's that we know, or was used before.
    """
    client = clients.get(signed.unproved(assertion, "iss"))
    if client is None or client_id not in {None, client.client_id}:
        raise BadTokenError("client")
    told = signed.read(assertion, algorithms=client.algorithms, keys_of=client.keys_of).claims
    check_assertion(told, client_id=client.client_id, audience=audience, at_seconds=at.timestamp())
    tokens.use(client.client_id, told, session=session, at=at)
    command = BeginSession(
        kind=Kind.SYSTEM,
        actor_id=client.client_id,
        choices=[Choice(role=ROLE, organisation=client.organisation)],
        chosen=0,
        provider=client.client_id,
        lasts=LASTS,
    )
    _, secret = begin(command, session=session, at=at)
    return client, secret
