"""A person has died or moves to another area: their budgets end on that day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.agreements.models import Ending, EndReason, locked_if_known
from services.budget.ending import handlers
from services.budget.ending.commands import EndBudget
from shared.contracts.assessment.life_events import PersonDied, PersonMoved
from shared.errors import NotKnownYetError
from shared.trace import Trace


def end_for_death(event: PersonDied, *, session: Session, trace: Trace) -> None:
    """End each budget of a person on the day of their death.

    Raises:
        NotKnownYetError: an approval has not arrived here; nothing is ended before all can be.
    """
    _end(
        event.budget_ids,
        ends_on=event.died_on,
        reason=EndReason.DIED,
        session=session,
        trace=trace,
    )


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


def _end(
    budget_ids: Sequence[UUID],
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
