"""Giving a budget an end."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, BudgetState, Ending, EndReason, locked_budget
from services.budget.allocations import streams
from services.budget.crisis_reserve import handlers as crisis_reserves
from services.budget.ending import closing, rules
from services.budget.ending.commands import EndBudget
from services.budget.ending.rules import AlreadyEndedError
from services.budget.repayment import handlers as repayments
from services.budget.repayment import register
from services.budget.repayment.rules import Addressee
from shared.contracts.budget.budgets import BudgetEnded
from shared.messaging import outbox
from shared.trace import Trace


def end_budget(command: EndBudget, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Let a budget buy nothing new from a day on; what is held runs its course.

    What is left after that goes back by a repayment, with notice as ever. One that was on its way
    is withdrawn: it left something in a budget that needs nothing any more. Its allocations end
    with it. What is not allocated by then is left over as well: it becomes available now, or by
    the hourly run of allocations on the day of the end. A crisis for which the reserve is usable
    is stood down where the budget has ended by now.

    Raises:
        BudgetNotFoundError: there is no such budget.
        AlreadyEndedError: it has an end.
        EndAheadError: the person is said to have died on a day that is yet to come.
    """
    budget = locked_budget(session, command.budget_id)
    if session.get(Ending, command.budget_id) is not None:
        raise AlreadyEndedError("This budget has an end.")
    if command.reason is EndReason.DIED:
        today = trace.today
        rules.see_that_it_has_happened(ends_on=command.ends_on, today=today)
    budget.state = BudgetState.ENDED
    ending = Ending(
        budget_id=command.budget_id,
        ends_on=command.ends_on,
        reason=command.reason,
        actor=trace.actor,
        recorded_at=trace.at,
    )
    session.add(ending)
    open_one = register.open_one(session, command.budget_id)
    if open_one is not None:
        if command.reason is EndReason.DIED:
            open_one.addressee = Addressee.REPRESENTATIVE
        way = register.on_its_way(open_one, budget, session=session, trace=trace)
        repayments.withdraw(way, "The budget has ended: what is left is worked out anew.")
    if ending.ends_on <= trace.today:
        crisis_reserves.stand_down_if_active(budget, session=session, trace=trace)
        streams.release_all(session, budget.budget_id, trace=trace)
    return _told(budget, ending, session=session, trace=trace)


def withdraw_repayment(budget_id: UUID, *, session: Session, trace: Trace) -> None:
    """Withdraw what is on its way back for a death that was taken back.

    The person was given no notice of it: it is proposed anew, and they are.
    """
    budget = locked_budget(session, budget_id)
    open_one = register.open_one(session, budget_id)
    if open_one is not None and open_one.addressee is Addressee.REPRESENTATIVE:
        way = register.on_its_way(open_one, budget, session=session, trace=trace)
        repayments.withdraw(way, "The death was recorded wrongly: the notice is the person's.")


def _told(budget: Budget, ending: Ending, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Tell of the end, and return the closing figures."""
    funders = closing.funders_at_end(session, budget.budget_id)
    event = BudgetEnded(
        occurred_at=trace.at,
        budget_id=budget.budget_id,
        person_id=budget.person_id,
        ends_on=ending.ends_on,
        reason=ending.reason,
        funders=funders,
    )
    outbox.add(session, event, trace=trace)
    return {
        "budget_id": budget.budget_id,
        "ends_on": ending.ends_on,
        "reason": ending.reason,
        "funders": [asdict(funder) for funder in funders],
    }
