"""Tokens are spent, and records looked at are counted.

Every request asks these questions, so they are put together once and not each time.
"""

import hashlib
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import DateTime, Interval, Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.gateway.limits.models import Bucket, LookedAt
from services.gateway.limits.rules import LOOKED_AT_FOR, Allowance
from services.gateway.tables import forget

_BUCKET_TABLE = cast(Table, Bucket.__table__)
_LOOKED_AT_TABLE = cast(Table, LookedAt.__table__)
_BUCKETS, _LOOKED_AT = _BUCKET_TABLE.c, _LOOKED_AT_TABLE.c

_NOW = bindparam("now", type_=DateTime(timezone=True))
_FULL_AT = func.greatest(_BUCKETS.full_at, _NOW) + bindparam("step", type_=Interval)
_SPEND = (
    insert(_BUCKET_TABLE)
    .values(whose_sha256=bindparam("whose"), full_at=bindparam("soonest"))
    .on_conflict_do_update(
        index_elements=[_BUCKETS.whose_sha256],
        set_={"full_at": _FULL_AT},
        where=bindparam("latest", type_=DateTime(timezone=True)) >= _FULL_AT,
    )
    .returning(_BUCKETS.full_at)
)
_EMPTY_UNTIL = select(_BUCKETS.full_at).where(_BUCKETS.whose_sha256 == bindparam("whose"))

# One reader's new looks follow one another, or two at once would both be the last that may.
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("whose"), 0)))
_LATELY = (
    _LOOKED_AT.reader == bindparam("whose"),
    _LOOKED_AT.kind == bindparam("what"),
    _LOOKED_AT.at > bindparam("since", type_=DateTime(timezone=True)),
)
_AGAIN = (
    update(_LOOKED_AT_TABLE)
    .where(*_LATELY, _LOOKED_AT.record_sha256 == bindparam("which"))
    .values(at=_NOW)
    .returning(_LOOKED_AT.at)
)
_HOW_MANY = select(func.count()).where(*_LATELY)
_FOR_THE_FIRST_TIME = (
    insert(_LOOKED_AT_TABLE)
    .values(
        reader=bindparam("whose"), kind=bindparam("what"), record_sha256=bindparam("which"), at=_NOW
    )
    .on_conflict_do_update(  # it was longer ago than counts
        index_elements=[_LOOKED_AT.reader, _LOOKED_AT.kind, _LOOKED_AT.record_sha256],
        set_={"at": _NOW},
    )
)


def spend(whose: str, allowance: Allowance, *, session: Session, at: datetime) -> timedelta | None:
    """Take a token from a bucket; None: it was there. Else: how long until there is one.

    One statement takes it, so that however many ask at the same moment, no more are given than
    there are. Kept is when the bucket will be full: each token puts that off by a step.
    """
    digest = _digest(whose)
    token = {
        "whose": digest,
        "now": at,
        "step": allowance.step,
        "soonest": at + allowance.step,
        "latest": at + allowance.whole,
    }
    if session.execute(_SPEND, token).first() is not None:
        return None
    empty_until = session.scalar(_EMPTY_UNTIL, {"whose": digest})
    return (empty_until or at) + allowance.step - allowance.whole - at


def look_at(
    reader: str, kind: str, record: str, *, at_most: int, session: Session, at: datetime
) -> bool:
    """Note that somebody looks at a record; False: they looked at too many others lately.

    Whoever was counted is counted once, and can be looked at again.
    """
    whose = {"whose": reader, "what": kind, "since": at - LOOKED_AT_FOR}
    look = {**whose, "which": _digest(f"{reader}/{kind}/{record}"), "now": at}
    if session.execute(_AGAIN, look).first() is not None:
        return True
    session.execute(_ONE_AT_A_TIME, {"whose": reader})
    if session.execute(_AGAIN, look).first() is not None:  # somebody was quicker
        return True
    if session.scalars(_HOW_MANY, whose).one() >= at_most:
        return False
    del look["since"]
    session.execute(_FOR_THE_FIRST_TIME, look)
    return True


def forget_what_is_over(*, session: Session, at: datetime) -> None:
    """Delete full buckets, and looks that count no more."""
    forget(Bucket, Bucket.full_at <= at, session=session)
    forget(LookedAt, LookedAt.at <= at - LOOKED_AT_FOR, session=session)


def _digest(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()
