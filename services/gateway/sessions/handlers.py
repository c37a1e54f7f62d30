"""Sessions begin, go on and end."""

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, bindparam, delete, select, update
from sqlalchemy.orm import Session

from services.gateway.sessions import rules
from services.gateway.sessions.commands import BeginSession, Kind
from services.gateway.sessions.models import SignedIn
from services.gateway.tables import forget

SECRET_BYTES = 32
# Asked with every request: put together once.
_BY_SECRET = select(SignedIn).where(SignedIn.secret_sha256 == bindparam("digest"))


def digest(secret: str) -> str:
    """Return what a secret is recognised by."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(command: BeginSession, *, session: Session, at: datetime) -> tuple[UUID, str]:
    """Let somebody in, and return the session's id and its secret, which is kept nowhere here."""
    forget(SignedIn, SignedIn.ends_at <= at, session=session)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    signed_in = SignedIn(
        session_id=uuid4(),
        secret_sha256=digest(secret),
        kind=command.kind,
        actor_id=command.actor_id,
        choices=[asdict(choice) for choice in command.choices],
        chosen=command.chosen,
        provider=command.provider,
        subject=command.subject,
        provider_session=command.provider_session,
        began_at=at,
        seen_at=at,
        ends_at=at + command.lasts,
    )
    session.add(signed_in)
    session.flush()
    return signed_in.session_id, secret


def resume(
    secret: str, kinds: frozenset[Kind], *, session: Session, at: datetime
) -> SignedIn | None:
    """Return whose secret this is, and note that they are there; None: nobody's, or it is over."""
    found = session.scalar(_BY_SECRET, {"digest": digest(secret)})
    if found is None or found.kind not in kinds:
        return None
    if rules.is_over(seen_at=found.seen_at, ends_at=found.ends_at, at=at):
        end(secret, session=session)
        return None
    if at - found.seen_at >= rules.SEEN_EVERY:
        # By a statement: somebody may sign out at this moment, and then there is no row.
        is_this = SignedIn.session_id == found.session_id
        session.execute(update(SignedIn).where(is_this).values(seen_at=at))
    return found


def renew(session_id: UUID, *, session: Session, chosen: int | None = None) -> str | None:
    """Give a session a new secret, and another role if one is chosen; None: it has ended."""
    found = session.get(SignedIn, session_id, with_for_update=True)
    if found is None:
        return None
    secret = secrets.token_urlsafe(SECRET_BYTES)
    found.secret_sha256 = digest(secret)
    if chosen is not None:
        found.chosen = chosen
    return secret


def end(secret: str, *, session: Session) -> None:
    """End a session; one that is not there has ended."""
    session.execute(delete(SignedIn).where(SignedIn.secret_sha256 == digest(secret)))


def end_at_provider(provider: str, *, subject: str, provider_session: str, session: Session) -> int:
    """End what a provider says has ended, and return how many sessions that were.

    Args:
        provider: its name.
        subject: whose; empty: whoever had the session.
        provider_session: which session of the provider's; empty: all of them.
        session: of the database.
    """
    named: list[ColumnElement[bool]] = []
    if subject:
        named.append(SignedIn.subject == subject)
    if provider_session:
        named.append(SignedIn.provider_session == provider_session)
    if not named:
        return 0
    ended = session.execute(delete(SignedIn).where(SignedIn.provider == provider, *named))
    return ended.rowcount if isinstance(ended, CursorResult) else 0
