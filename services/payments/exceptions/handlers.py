"""Raising an exception, once for each thing, and ending it."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.exceptions import rules
from services.payments.exceptions.commands import RaiseException, ResolveException
from services.payments.exceptions.models import RaisedException
from services.payments.exceptions.rules import ExceptionKind, Resolution
from shared.contracts.payments.exceptions import ExceptionRaised, ExceptionResolved
from shared.errors import NotFoundError
from shared.messaging import outbox
from shared.trace import Trace


def raise_exception(command: RaiseException, *, session: Session, trace: Trace) -> UUID | None:
    """Have somebody look, and tell it; None: it was raised before."""
    handling = rules.HANDLING[command.kind]
    role = command.role or handling.role
    exception_id = session.scalar(
        insert(RaisedException)
        .values(
            exception_id=uuid4(),
            kind=command.kind,
            about=command.about,
            purchase_id=command.purchase_id,
            amount_pence=command.amount_pence,
            role=role,
            raised_at=trace.at,
            due_at=trace.at + handling.within,
        )
        .on_conflict_do_nothing()
        .returning(RaisedException.exception_id)
    )
    if exception_id is None:
        return None
    event = ExceptionRaised(
        occurred_at=trace.at,
        exception_id=exception_id,
        kind=command.kind,
        purchase_id=command.purchase_id,
        amount_pence=command.amount_pence,
        role=role,
        due_at=trace.at + handling.within,
    )
    outbox.add(session, event, trace=trace)
    return exception_id


def resolve_exception(
    command: ResolveException, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep how an exception ended, once.

    Raises:
        NotFoundError: there is none.
        ResolutionNotPossibleError: this kind cannot end so.
        AlreadyResolvedError: it ended in another way.
    """
    raised = session.get(RaisedException, command.exception_id, with_for_update=True)
    if raised is None:
        raise NotFoundError("There is no such exception.", exception_id=str(command.exception_id))
    rules.check_resolution(raised.kind, command.resolution)
    if raised.resolved_at is not None:
        if (raised.resolution, raised.resolved_by, raised.reason) == (
            command.resolution,
            command.resolved_by,
            command.reason,
        ):
            return _answer(raised)
        raise rules.AlreadyResolvedError("This exception has ended.")
    _end(raised, command.resolution, command.resolved_by, command.reason, session, trace)
    return _answer(raised)


def end_of_purchase(
    purchase_id: UUID, *, by: UUID, reason: str, session: Session, trace: Trace
) -> None:
    """End what waited for a step of a purchase: the step was taken, or the purchase is over."""
    waiting = session.scalars(
        select(RaisedException)
        .where(RaisedException.purchase_id == purchase_id)
        .where(RaisedException.kind.in_(rules.OF_PURCHASES))
        .where(RaisedException.resolved_at.is_(None))
        .with_for_update()
    ).all()
    for raised in waiting:
        _end(raised, Resolution.DONE, by, reason, session, trace)


def end_waiting(
    kind: ExceptionKind, about: str, *, by: UUID, reason: str, session: Session, trace: Trace
) -> None:
    """End what waited for a step that has been taken, if nobody has ended it before."""
    waiting = session.scalar(
        select(RaisedException)
        .where(RaisedException.kind == kind, RaisedException.about == about)
        .where(RaisedException.resolved_at.is_(None))
        .with_for_update()
    )
    if waiting is not None:
        _end(waiting, Resolution.DONE, by, reason, session, trace)


def _end(  # noqa: PLR0917 - private, and all of it is needed
    raised: RaisedException,
    resolution: Resolution,
    by: UUID,
    reason: str,
    session: Session,
    trace: Trace,
) -> None:
    raised.resolution = resolution
    raised.resolved_by = by
    raised.resolved_at = trace.at
    raised.reason = reason
    event = ExceptionResolved(
        occurred_at=trace.at, exception_id=raised.exception_id, resolution=resolution
    )
    outbox.add(session, event, trace=trace)


def end_about(
    kind: ExceptionKind,
    about: str,
    *,
    resolution: Resolution,
    resolved_by: UUID,
    reason: str,
    session: Session,
    trace: Trace,
) -> None:
    """End what was raised about one thing, because somebody has put just that right."""
    open_ones = select(RaisedException.exception_id).where(
        RaisedException.kind == kind,
        RaisedException.about == about,
        RaisedException.resolved_at.is_(None),
    )
    exception_id = session.scalar(open_ones)
    if exception_id is not None:
        command = ResolveException(
            exception_id=exception_id,
            resolved_by=resolved_by,
            resolution=resolution,
            reason=reason,
        )
        resolve_exception(command, session=session, trace=trace)


def _answer(raised: RaisedException) -> Mapping[str, object]:
    resolution = rules.Resolution(str(raised.resolution))
    answer = {"exception_id": raised.exception_id, "resolution": raised.resolution}
    next_step = rules.NEXT_STEPS.get(resolution)
    return answer if next_step is None else {**answer, "next_step": next_step}
