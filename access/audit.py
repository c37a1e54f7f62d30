"""The chain over who looked at what, or changed it: nobody rewrites that unseen."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from access.tables import AuditEntry, AuditSeal
from shared.trace import Trace

BEFORE_THE_FIRST = bytes(32)

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('audit_seals'))")
# Every transaction before this one has ended: no entry of theirs can still appear.
_ENDED = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_NEWEST = select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)
_COLUMNS = list(AuditEntry.__table__.columns)


def seal_entries(_due: datetime, *, session: Session, trace: Trace) -> None:
    """Chain what was written since the last seal and can no longer change."""
    session.execute(_ONE_AT_A_TIME)
    last = session.scalars(_NEWEST).first()
    ended = session.scalar(_ENDED) or 0
    entries = _written(session, after=last.until_xact if last else 0, until=ended)
    if not entries:
        return
    previous = last.hash if last else BEFORE_THE_FIRST
    session.add(
        AuditSeal(
            number=last.number + 1 if last else 1,
            until_xact=ended,
            entries=len(entries),
            previous_hash=previous,
            hash=chained(previous, entries),
            sealed_at=trace.at,
        )
    )


def to_seal(at: datetime, *, session: Session) -> list[datetime]:
    """Return what is due when something was written and not sealed."""
    sealed_until = session.scalar(select(func.max(AuditSeal.until_xact))) or 0
    newest = session.scalar(select(func.max(AuditEntry.written_in))) or 0
    return [at] if newest >= sealed_until else []


def broken_seal(session: Session) -> int | None:
    """Return the number of the first seal that what is written does not bear out, if any."""
    previous, after = BEFORE_THE_FIRST, 0
    for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.number)):
        entries = _written(session, after=after, until=seal.until_xact)
        if seal.previous_hash != previous or seal.hash != chained(previous, entries):
            return seal.number
        previous, after = seal.hash, seal.until_xact
    return None


def chained(previous: bytes, entries: Sequence[Row[Any]]) -> bytes:
    """Return the hash of a seal over the one before and over each entry, in their order."""
    digest = hashlib.sha256(previous)
    for entry in entries:
        digest.update(json.dumps(list(entry), default=str, separators=(",", ":")).encode())
    return digest.digest()


def _written(session: Session, *, after: int, until: int) -> Sequence[Row[Any]]:
    """Return the entries of transactions ``after <= x < until``, whole transactions only."""
    asked = (
        select(*_COLUMNS)
        .where(AuditEntry.written_in >= after, AuditEntry.written_in < until)
        .order_by(AuditEntry.written_in, AuditEntry.seq)
    )
    return session.execute(asked).all()
