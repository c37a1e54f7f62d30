"""Opening a pool's periods, closing them, and reopening the newest."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.funders import handlers as funders
from services.budget.periods import pool_books, rules
from services.budget.periods.commands import (
    ApproveReopening,
    ClosePeriod,
    OpenPeriod,
    ReopenPeriod,
    SignPeriod,
    SoftClosePeriod,
)
from services.budget.periods.models import (
    Period,
    PeriodSignature,
    ReopeningApproval,
)
from services.budget.periods.rules import (
    PeriodDiffersError,
    PeriodNotClosedError,
    PeriodNotClosingError,
    PeriodNotFoundError,
    PeriodNotOpenError,
    PeriodOrderError,
    PeriodState,
    SignerNotAPartnerError,
    VerifyFailedError,
    YearEndMadeError,
)
from shared.contracts.budget.periods import PeriodClosed
from shared.database import sqlstate
from shared.messaging import outbox
from shared.trace import Trace

YEAR_END_MADE = "CP002"  # what ``reopen_period`` raises after the end of the financial year

_SOFT_CLOSE = text("SELECT soft_close_period(:period_id)")
# A large pool takes longer than other statements may; a caller who gave up asks again.
_TAKE_TIME = text("SELECT set_config('statement_timeout', '300000', true)")
_CLOSE = text("SELECT version, last_seq, hash FROM close_period(:period_id, :actor, :at)")
_REOPEN = text("SELECT reopen_period(:period_id)")


def open_period(command: OpenPeriod, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Open the next period of a pool, once.

    Raises:
        PoolNotFoundError: there is no such pool.
        PeriodDiffersError: this id is that of another period.
        PeriodDatesWrongError, PeriodOrderError, PeriodOutsidePoolError: see ``rules``.
    """
    pool, _ = funders.partners_of(session, command.pool_id)
    pool_books.stop_booking(session, pool.pool_id)
    known = session.get(Period, command.period_id, populate_existing=True)
    if known is not None:
        asked = (command.pool_id, command.starts_on, command.ends_on)
        if asked != (known.pool_id, known.starts_on, known.ends_on):
            raise PeriodDiffersError("Another period has this id.")
        return _told(known)
    rules.see_that_it_lies_in_a_year(starts_on=command.starts_on, ends_on=command.ends_on)
    rules.see_that_it_follows(
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        newest_ends_on=session.scalar(
            select(func.max(Period.ends_on)).where(Period.pool_id == pool.pool_id)
        ),
        pool_starts_on=pool.starts_on,
        pool_ends_on=pool.ends_on,
    )
    period = Period(
        period_id=command.period_id,
        pool_id=command.pool_id,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        state=PeriodState.OPEN,
    )
    session.add(period)
    session.flush()
    return _told(period)


def soft_close_period(
    command: SoftClosePeriod, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Let only what says why it is late be booked for a period, once it is over.

    Raises:
        PeriodNotFoundError, PeriodNotOpenError, PeriodNotOverError: it cannot be.
        PeriodOrderError: the period before it is open.
        NotKnownYetError: somebody is booking for the pool; ask again.
    """
    period = _locked(session, command.period_id)
    if period.state is not PeriodState.OPEN:
        raise PeriodNotOpenError("The period is not open.")
    rules.see_that_it_is_over(ends_on=period.ends_on, today=trace.today)
    rules.see_that_the_one_before_is(
        (PeriodState.CLOSING, PeriodState.CLOSED),
        state_before=pool_books.state_before(session, period),
    )
    session.execute(_SOFT_CLOSE, {"period_id": period.period_id})
    session.refresh(period)
    return _told(period)


def sign_period(command: SignPeriod, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Take a partner's word for a period as it stands; what is booked later is signed again.

    Raises:
        PeriodNotFoundError, PeriodNotClosingError: there is nothing to sign.
        SignerNotAPartnerError: the pool has no such partner.
        NotKnownYetError: somebody is booking for the pool; ask again.
    """
    period = _locked(session, command.period_id)
    _see_that_it_is_closing(period)
    _, partners = funders.partners_of(session, period.pool_id)
    if command.funder_id not in partners:
        raise SignerNotAPartnerError("Only a partner of the pool signs its periods.")
    version = pool_books.versions(session, period) + 1
    last_seq = pool_books.last_seq(session, period)
    key = (period.period_id, version, command.funder_id, last_seq)
    if session.get(PeriodSignature, key) is None:
        session.add(
            PeriodSignature(
                period_id=period.period_id,
                version=version,
                funder_id=command.funder_id,
                last_seq=last_seq,
                role=command.role,
                actor=trace.actor,
                signed_at=trace.at,
            )
        )
        session.flush()
    missing = pool_books.missing_signatures(session, period, partners=list(partners))
    return {**_told(period), "version": version, "missing_signatures": missing}


def close_period(command: ClosePeriod, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Close a period for good: keep what every account of its pool stood at, and tell of it.

    Raises:
        PeriodNotFoundError, PeriodNotClosingError: it is not being closed.
        PeriodOrderError: the period before it is not closed.
        PeriodNotSignedError: a partner has not signed it as it stands.
        SuspenseOpenError: something of it has no place yet.
        VerifyFailedError: the pool's books do not agree with themselves; nothing is closed.
        NotKnownYetError: somebody is booking for the pool; ask again.
    """
    period = _locked(session, command.period_id)
    _see_that_it_is_closing(period)
    rules.see_that_the_one_before_is(
        (PeriodState.CLOSED,), state_before=pool_books.state_before(session, period)
    )
    _, partners = funders.partners_of(session, period.pool_id)
    rules.see_that_nothing_is_missing(
        signatures=len(pool_books.missing_signatures(session, period, partners=list(partners))),
        in_suspense=pool_books.in_suspense(session, period),
    )
    session.execute(_TAKE_TIME)
    closing = {"period_id": period.period_id, "actor": trace.actor, "at": trace.at}
    closed = session.execute(_CLOSE, closing).one()
    broken = pool_books.broken_rules(session, period, version=closed.version)
    if broken:
        raise VerifyFailedError("The pool's books disagree.", rules=", ".join(broken))
    session.refresh(period)
    event = _closed(period, closed, trace=trace)
    outbox.add(session, event, trace=trace)
    told = {"version": event.version, "last_seq": event.last_seq, "hash": event.hash}
    return {**_told(period), **told}


def _closed(period: Period, closed: Row[Any], *, trace: Trace) -> PeriodClosed:
    return PeriodClosed(
        occurred_at=trace.at,
        period_id=period.period_id,
        version=closed.version,
        pool_id=period.pool_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        last_seq=closed.last_seq,
        hash=bytes(closed.hash).hex(),
    )


def approve_reopening(
    command: ApproveReopening, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Note that whoever the trace says acts agrees to a reopening, which another then does.

    Raises:
        PeriodNotFoundError, PeriodNotClosedError, PeriodOrderError: it cannot be reopened.
    """
    period = _locked(session, command.period_id)
    _see_that_it_can_be_reopened(session, period)
    version = pool_books.versions(session, period)
    if session.get(ReopeningApproval, (period.period_id, version, trace.actor, False)) is None:
        _approve(period, version, command.reason, is_last=False, session=session, trace=trace)
    return {**_told(period), "version": version}


def reopen_period(command: ReopenPeriod, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Reopen the newest closed period: it is closing again, and its snapshot stays as it is.

    Signatures were for the snapshot that was taken; the next one needs others.

    Raises:
        PeriodNotFoundError, PeriodNotClosedError, PeriodOrderError: it cannot be reopened.
        SecondApproverRequiredError: nobody else has approved it.
        YearEndMadeError: what was left at the end of its financial year has been dealt with.
    """
    period = _locked(session, command.period_id)
    _see_that_it_can_be_reopened(session, period)
    version = pool_books.versions(session, period)
    approved_by = session.scalars(
        select(ReopeningApproval.actor)
        .where(ReopeningApproval.period_id == period.period_id)
        .where(ReopeningApproval.version == version)
    )
    rules.see_that_two_approve(actor=trace.actor, approved_by=approved_by)
    _approve(period, version, command.reason, is_last=True, session=session, trace=trace)
    try:
        session.execute(_REOPEN, {"period_id": period.period_id})
    except DBAPIError as error:
        if sqlstate(error) != YEAR_END_MADE:
            raise
        raise YearEndMadeError("The end of this period's financial year was made.") from error
    session.refresh(period)
    return _told(period)


def _locked(session: Session, period_id: UUID) -> Period:
    """Return a period as it stands while nobody books for its pool."""
    period = session.get(Period, period_id)
    if period is None:
        raise PeriodNotFoundError("There is no such period.")
    pool_books.stop_booking(session, period.pool_id)
    session.refresh(period)
    return period


def _told(period: Period) -> dict[str, Any]:
    return {"period_id": period.period_id, "state": period.state}


def _see_that_it_is_closing(period: Period) -> None:
    if period.state is not PeriodState.CLOSING:
        raise PeriodNotClosingError("The period is not being closed.", state=period.state.value)


def _see_that_it_can_be_reopened(session: Session, period: Period) -> None:
    if period.state is not PeriodState.CLOSED:
        raise PeriodNotClosedError("The period is not closed.")
    later = (
        select(func.count())
        .where(Period.pool_id == period.pool_id, Period.starts_on > period.starts_on)
        .where(Period.state == PeriodState.CLOSED)
    )
    if session.scalar(later):
        raise PeriodOrderError("A later period is closed; only the newest is reopened.")


def _approve(
    period: Period, version: int, reason: str, *, is_last: bool, session: Session, trace: Trace
) -> None:
    approval = ReopeningApproval(
        period_id=period.period_id,
        version=version,
        actor=trace.actor,
        is_last=is_last,
        reason=reason,
        approved_at=trace.at,
    )
    session.add(approval)
    session.flush()
