"""A person has died or moves to another area: their budgets end on that day."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.budget.agreements.models import (
    Budget,
    BudgetState,
    Ending,
    EndReason,
    HeardDeath,
    locked_if_known,
)
from services.budget.ending import handlers
from services.budget.ending.commands import EndBudget
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied, PersonMoved
from shared.errors import NotKnownYetError
from shared.trace import Trace


def end_for_death(event: PersonDied, *, session: Session, trace: Trace) -> None:
    """End each budget of a person on the day of their death, unless it was taken back since.

    Beside those of which the event tells, that is any other that goes on here: one that was left
    alone because an earlier death was taken back before it was heard.

    Raises:
        NotKnownYetError: an approval has not arrived here; nothing is ended before all can be.
    """
    if _is_news(event, session=session):
        _end(
            {*event.budget_ids, *_that_go_on(event.person_id, session=session)},
            ends_on=event.died_on,
            reason=EndReason.DIED,
            session=session,
            trace=trace,
        )


def keep_life(event: DeathCorrected, *, session: Session, trace: Trace) -> None:
    """Remember that somebody lives whose death was recorded wrongly.

    A budget that ended for it stays ended. What is left of it goes back with notice to the person
    again, so a repayment of which notice was given to whoever acts for the dead is withdrawn.
    """
    if _is_news(event, session=session):
        for budget_id in _that_ended_for_death(event.person_id, session=session):
            handlers.withdraw_repayment(budget_id, session=session, trace=trace)


def end_for_move(event: PersonMoved, *, session: Session, trace: Trace) -> None:
    """End each budget of a person on the day from which they live elsewhere.

    Raises:
        NotKnownYetError: an approval has not arrived here; nothing is ended before all can be.
    """
    _end(
        event.budget_ids,
        ends_on=event.moves_on,
        reason=EndReason.MOVED,
        session=session,
        trace=trace,
    )


def _is_news(event: PersonDied | DeathCorrected, *, session: Session) -> bool:
    """Tell whether this is newer than what was heard of the person's death, and remember it."""
    heard = {"version": event.version, "is_taken_back": isinstance(event, DeathCorrected)}
    row = insert(HeardDeath).values(person_id=event.person_id, **heard)
    newer = row.on_conflict_do_update(
        index_elements=["person_id"],
        set_=heard,
        where=HeardDeath.version < row.excluded.version,
    )
    return session.scalar(newer.returning(HeardDeath.version)) is not None


def _that_go_on(person_id: UUID, *, session: Session) -> Collection[UUID]:
    budgets = select(Budget.budget_id).where(Budget.person_id == person_id)
    return session.scalars(budgets.where(Budget.state != BudgetState.ENDED)).all()


def _that_ended_for_death(person_id: UUID, *, session: Session) -> Collection[UUID]:
    ended = select(Ending.budget_id).where(Ending.reason == EndReason.DIED)
    of_person = ended.join(Budget, Budget.budget_id == Ending.budget_id)
    return session.scalars(
        of_person.where(Budget.person_id == person_id).order_by(Ending.budget_id)
    ).all()


def _end(
    budget_ids: Collection[UUID],
    *,
    ends_on: date,
    reason: EndReason,
    session: Session,
    trace: Trace,
) -> None:
    """End budgets, each once: one that has an end keeps it."""
    for budget_id in sorted(budget_ids):
        if locked_if_known(session, budget_id) is None:
            raise NotKnownYetError("No such budget is known here yet.")
        if session.get(Ending, budget_id) is None:
            command = EndBudget(budget_id=budget_id, ends_on=ends_on, reason=reason)
            handlers.end_budget(command, session=session, trace=trace)
