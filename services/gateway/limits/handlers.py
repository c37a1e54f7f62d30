"""Tokens are spent, and records looked at are counted."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import DateTime, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.gateway.limits.models import Bucket, LookedAt
from services.gateway.limits.rules import LOOKED_AT_FOR, Allowance
from services.gateway.tables import forget


def spend(whose: str, allowance: Allowance, *, session: Session, at: datetime) -> timedelta | None:
    """Take a token from a bucket; None: it was there. Else: how long until there is one.

    One statement takes it, so that however many ask at the same moment, no more are given than
    there are. Kept is when the bucket will be full: each token puts that off by a step.
    """
    digest = _digest(whose)
    full_at = func.greatest(Bucket.full_at, literal(at, DateTime(timezone=True))) + allowance.step
    taken = (
        insert(Bucket)
        .values(whose_sha256=digest, full_at=at + allowance.step)
        .on_conflict_do_update(
            index_elements=[Bucket.whose_sha256],
            set_={"full_at": full_at},
            where=full_at <= at + allowance.whole,
        )
        .returning(Bucket.full_at)
    )
    if session.execute(taken).first() is not None:
        return None
    empty_until = session.scalar(select(Bucket.full_at).where(Bucket.whose_sha256 == digest))
    return (empty_until or at) + allowance.step - allowance.whole - at


def look_at(
    reader: str, kind: str, record: str, *, at_most: int, session: Session, at: datetime
) -> bool:
    """Note that somebody looks at a record; False: they looked at too many others lately.

    Whoever was counted is counted once, and can be looked at again.
    """
    # One reader's looks follow one another, or two at once would both be the last that may.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(reader, 0))))
    digest = _digest(f"{reader}/{kind}/{record}")
    lately = (LookedAt.reader == reader, LookedAt.kind == kind, LookedAt.at > at - LOOKED_AT_FOR)
    others = select(func.count()).where(*lately, LookedAt.record_sha256 != digest)
    is_counted = session.scalar(
        select(LookedAt.at).where(*lately, LookedAt.record_sha256 == digest)
    )
    if is_counted is None and session.scalars(others).one() >= at_most:
        return False
    look = insert(LookedAt).values(reader=reader, kind=kind, record_sha256=digest, at=at)
    key = [LookedAt.reader, LookedAt.kind, LookedAt.record_sha256]
    session.execute(look.on_conflict_do_update(index_elements=key, set_={"at": at}))
    return True


def forget_what_is_over(*, session: Session, at: datetime) -> None:
    """Delete full buckets, and looks that count no more."""
    forget(Bucket, Bucket.full_at <= at, session=session)
    forget(LookedAt, LookedAt.at <= at - LOOKED_AT_FOR, session=session)


def _digest(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()
