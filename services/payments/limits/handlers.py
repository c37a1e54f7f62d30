"""Setting limits, the second person for one that lets a role do more, and what counts on a day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind, Resolution
from services.payments.limits import rules
from services.payments.limits.commands import ConfirmSpendingLimit, SetSpendingLimit
from services.payments.limits.models import SpendingLimit
from services.payments.limits.rules import Limit
from shared.trace import Trace


def set_spending_limit(
    command: SetSpendingLimit, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a role's limit from a day on, once; if it only tightens, it counts at once.

    One that lets the role do more, by anything, than the limit in whose place it would come waits
    for a second person: until then the earlier limit counts. One that waits keeps no tighter one
    of the same day from counting, and cannot be confirmed after that.

    Raises:
        LimitInPastError: the day is over.
        LimitAlreadySetError: another limit counts, or one that loosens waits, from that day on.
    """
    _one_at_a_time(session)
    said = asdict(command)
    waiting, counting = _of_day(command.role, command.from_on, session=session)
    for known in (counting, waiting):
        if known and all(getattr(known, name) == value for name, value in said.items()):
            return _answer(known)
    rules.see_that_it_is_not_past(command.from_on, today=trace.today)
    loosens = _loosens(command, session=session)
    if counting or (waiting and loosens):
        raise rules.LimitAlreadySetError("This role has another limit from that day on.")
    limit = SpendingLimit(**said, set_at=trace.at, loosens=loosens, counts=not loosens)
    session.add(limit)
    if loosens:
        task = RaiseException(kind=ExceptionKind.SPENDING_LIMIT_TO_CONFIRM, about=_about(limit))
        exceptions.raise_exception(task, session=session, trace=trace)
    elif waiting:
        exceptions.end_about(
            ExceptionKind.SPENDING_LIMIT_TO_CONFIRM,
            _about(waiting),
            resolution=Resolution.ACCEPTED,
            resolved_by=command.set_by,
            reason="a limit that only tightens counts from that day on",
            session=session,
            trace=trace,
        )
    return _answer(limit)


def confirm_spending_limit(
    command: ConfirmSpendingLimit, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Let a limit count from its day on that somebody else has set, once.

    Raises:
        UnknownLimitError: nobody has set it.
        LimitCountsError: one counts from that day on already, confirmed by another one or nobody.
        SamePersonError: whoever set it does not confirm it.
        LimitInPastError: its day has passed meanwhile.
    """
    _one_at_a_time(session)
    waiting, counting = _of_day(command.role, command.from_on, session=session)
    if counting is not None:
        if counting.confirmed_by != command.confirmed_by:
            raise rules.LimitCountsError("A limit counts from that day on already.")
        return _answer(counting)
    if waiting is None:
        raise rules.UnknownLimitError("Nobody has set such a limit.")
    rules.see_that_two_decide(asked_by=waiting.set_by, decided_by=command.confirmed_by)
    rules.see_that_it_is_not_past(waiting.from_on, today=trace.today)
    waiting.counts = True
    waiting.confirmed_by, waiting.confirmed_at = command.confirmed_by, trace.at
    exceptions.end_waiting(
        ExceptionKind.SPENDING_LIMIT_TO_CONFIRM,
        _about(waiting),
        by=command.confirmed_by,
        reason="confirmed",
        session=session,
        trace=trace,
    )
    return _answer(waiting)


def limits_on(session: Session, day: date) -> Mapping[str, Limit]:
    """Return the limit of each role on a day: of what counts by then, or what stands in."""
    counting: dict[str, list[SpendingLimit]] = defaultdict(list)
    for one in session.scalars(
        select(SpendingLimit)
        .where(SpendingLimit.counts)
        .where(SpendingLimit.from_on <= day)
        .order_by(SpendingLimit.from_on)
    ):
        counting[one.role].append(one)
    return {
        **rules.DEFAULTS,
        **{
            role: rules.in_force(
                [one.as_said() for one in limits],
                first=rules.DEFAULTS.get(role, rules.NOTHING),
                tightest=rules.tightest,
            )
            for role, limits in counting.items()
        },
    }


def _one_at_a_time(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("spending limits"))))


def _of_day(
    role: str, from_on: date, *, session: Session
) -> tuple[SpendingLimit | None, SpendingLimit | None]:
    """Return the limit that waits for a second person from that day on, and the one that counts."""
    waiting = session.get(SpendingLimit, (role, from_on, False))
    return waiting, session.get(SpendingLimit, (role, from_on, True))


def _loosens(command: SetSpendingLimit, *, session: Session) -> list[str]:
    """Return by what a limit loosens what would hold for its role on its first day without it."""
    asked = Limit(
        asks_up_to_pence=command.asks_up_to_pence,
        approves_up_to_pence=command.approves_up_to_pence,
        counts_for_days=command.counts_for_days,
    )
    before = limits_on(session, command.from_on).get(command.role, rules.NOTHING)
    return rules.loosened(asked, before=before)


def _about(limit: SpendingLimit) -> str:
    return f"spending_limit/{limit.role}/{limit.from_on.isoformat()}"


def _answer(limit: SpendingLimit) -> Mapping[str, object]:
    return {
        "role": limit.role,
        "from_on": limit.from_on,
        "counts": limit.counts,
        "loosens": limit.loosens,
    }
