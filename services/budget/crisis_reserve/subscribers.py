"""A crisis plan came into force, or its crisis is over: the reserve is called, or stands again."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.agreements.models import locked_if_known
from services.budget.agreements.rules import BudgetEndedError
from services.budget.crisis_reserve import handlers
from services.budget.crisis_reserve.commands import (
    ActivateCrisisReserve,
    StandDownCrisisReserve,
)
from services.budget.crisis_reserve.models import Crisis, HeardCrisis
from services.budget.crisis_reserve.rules import (
    CrisisActiveError,
    ReserveNotPromisedError,
    ReserveUsedUpError,
)
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.contracts.budget.crisis_reserve import CrisisReserveNotCalled
from shared.errors import NotKnownYetError, Refusal
from shared.messaging import outbox
from shared.trace import Trace


def call_reserve(event: CrisisPlanActivated, *, session: Session, trace: Trace) -> None:
    """Make the reserve usable up to the crisis plan's cap, unless the crisis is over by now.

    A crisis that is prolonged is told of again: what is usable stays so, and what could not be
    called before is tried once more. It is usable until assessment tells of the end.

    Where nothing can be called (nobody promised, it is used up, the budget has ended) that is
    told: the crisis plan is in force all the same.

    Raises:
        NotKnownYetError: the plan's approval has not arrived here.
        PeriodClosedError: the books are closed for today; it is tried again.
    """
    if (
        event.budget_id is None
        or not event.cap_pence
        or not _is_news(event, event.budget_id, session=session)
    ):
        return
    command = ActivateCrisisReserve(
        crisis_id=event.crisis_id, budget_id=event.budget_id, cap_pence=event.cap_pence
    )
    try:
        handlers.activate_crisis_reserve(command, session=session, trace=trace)
    except (
        BudgetEndedError,
        CrisisActiveError,
        ReserveNotPromisedError,
        ReserveUsedUpError,
    ) as refusal:  # each is raised before anything is written
        outbox.add(session, _not_called(event, event.budget_id, refusal, trace=trace), trace=trace)


def let_reserve_stand(event: CrisisPlanStoodDown, *, session: Session, trace: Trace) -> None:
    """Let what was not used stand again; nothing where nothing was called.

    Raises:
        NotKnownYetError: the plan's approval has not arrived here.
        PeriodClosedError: the books are closed for today; it is tried again.
    """
    if event.budget_id is None or not _is_news(event, event.budget_id, session=session):
        return
    if session.get(Crisis, event.crisis_id) is not None:
        command = StandDownCrisisReserve(crisis_id=event.crisis_id, budget_id=event.budget_id)
        handlers.stand_down_crisis_reserve(command, session=session, trace=trace)


def _is_news(
    event: CrisisPlanActivated | CrisisPlanStoodDown, budget_id: UUID, *, session: Session
) -> bool:
    """Tell whether this is newer than what was heard of the crisis, and remember it.

    So the end of a crisis may come before its beginning. The budget is locked first, and one
    message at a time is looked at.
    """
    if locked_if_known(session, budget_id) is None:
        raise NotKnownYetError("No such budget is known here yet.")
    heard = session.get(HeardCrisis, event.crisis_id, populate_existing=True)
    if heard is None:
        session.add(HeardCrisis(crisis_id=event.crisis_id, version=event.version))
        return True
    is_news = event.version > heard.version
    heard.version = max(heard.version, event.version)
    return is_news


def _not_called(
    event: CrisisPlanActivated, budget_id: UUID, refusal: Refusal, *, trace: Trace
) -> CrisisReserveNotCalled:
    return CrisisReserveNotCalled(
        occurred_at=trace.at,
        crisis_id=event.crisis_id,
        budget_id=budget_id,
        person_id=event.person_id,
        code=refusal.code,
    )
