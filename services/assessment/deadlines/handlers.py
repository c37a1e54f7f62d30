"""What is done with deadlines. Other subjects start and meet them; nobody asks for it from outside.

Whoever calls these has locked the case first (``Referral.locked``), so none is started twice.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.deadlines import rules
from services.assessment.deadlines.commands import TellMissed
from services.assessment.deadlines.models import Deadline
from services.assessment.deadlines.rules import Stage
from services.assessment.referrals.models import Referral
from shared.contracts.assessment.deadlines import DeadlineMissed
from shared.messaging import outbox
from shared.trace import Trace


def start(
    session: Session,
    *,
    referral_id: UUID,
    stage: Stage,
    about_id: UUID,
    role: str,
    due_on: date,
    trace: Trace,
) -> None:
    """Say that ``role`` must do something by the end of ``due_on``.

    The same stage about the same thing, if it is open still, gets this role and day; when it
    goes to another role, the time since when they have it begins anew.
    """
    deadline = Deadline.open_one(stage, about_id, session=session)
    if deadline is None:
        deadline = Deadline(
            deadline_id=uuid4(),
            referral_id=referral_id,
            stage=stage,
            about_id=about_id,
            role=role,
            since=trace.at,
            due_on=due_on,
        )
        session.add(deadline)
    else:
        _move(deadline, role=role, due_on=due_on, trace=trace)
    session.flush()


def _move(deadline: Deadline, *, role: str, due_on: date, trace: Trace) -> None:
    if deadline.role != role:
        deadline.role = role
        deadline.since = trace.at
    if deadline.due_on != due_on:
        deadline.due_on = due_on
        deadline.missed_told_at = None  # a new day can be missed, too


def meet(session: Session, *, stage: Stage, about_id: UUID, trace: Trace) -> None:
    """Say that it was done, in time or not. Nothing happens if it was not open."""
    deadline = Deadline.open_one(stage, about_id, session=session)
    if deadline is not None:
        deadline.met_at = trace.at
        session.flush()


def close_all(session: Session, *, referral_id: UUID, trace: Trace) -> None:
    """Close whatever is open on a case: nobody has to do any of it any more."""
    for deadline in Deadline.open_of(referral_id, session=session):
        deadline.met_at = trace.at
    session.flush()


def open_again(session: Session, *, deadline_ids: Sequence[UUID]) -> None:
    """Open what was closed with a case by mistake; each keeps its day, missed or not."""
    for deadline in session.scalars(select(Deadline).where(Deadline.deadline_id.in_(deadline_ids))):
        deadline.met_at = None
    session.flush()


def tell_missed(command: TellMissed, *, session: Session, trace: Trace) -> None:
    """Tell once of each deadline that was missed."""
    deadline = session.get_one(
        Deadline, command.deadline_id, with_for_update=True, populate_existing=True
    )
    is_over = deadline.met_at is not None or deadline.missed_told_at is not None
    if is_over or not rules.is_late(due_on=deadline.due_on, today=trace.today):
        return
    deadline.missed_told_at = trace.at
    referral = session.get_one(Referral, deadline.referral_id)
    missed = DeadlineMissed(
        occurred_at=trace.at,
        deadline_id=deadline.deadline_id,
        referral_id=deadline.referral_id,
        person_id=referral.person_id,
        stage=deadline.stage,
        role=deadline.role,
        due_on=deadline.due_on,
    )
    outbox.add(session, missed, trace=trace)
