"""Telling that a budget is likely to be overspent, or not to be used."""

from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, locked_if_known
from services.budget.forecasts import rules, spending
from services.budget.forecasts.commands import LookAhead
from services.budget.forecasts.models import LastForecast
from services.budget.forecasts.rules import Forecast, Outlook
from shared.contracts.budget.forecasts import OverspendExpected, UnderspendExpected
from shared.messaging import outbox
from shared.trace import Trace

EVENTS = {Outlook.OVERSPEND: OverspendExpected, Outlook.UNDERSPEND: UnderspendExpected}


def look_ahead(command: LookAhead, *, session: Session, trace: Trace) -> None:
    """Work out a budget's forecast; tell when it comes to be over or under its plan, once."""
    budget = locked_if_known(session, command.budget_id)
    found = spending.of_budget(session, command.budget_id, on=trace.today)
    if budget is None or found is None:
        return
    last = session.get(LastForecast, command.budget_id)
    if last is None:
        last = LastForecast(
            budget_id=command.budget_id, outlook=Outlook.TOO_EARLY, looked_on=trace.today
        )
        session.add(last)
    now = rules.forecast(found)
    outlook = rules.told_outlook(last.outlook, now)
    if outlook is not last.outlook and outlook in EVENTS:
        _tell(budget, now, outlook, session=session, trace=trace)
    last.outlook, last.looked_on = outlook, trace.today


def _tell(
    budget: Budget, now: Forecast, outlook: Outlook, *, session: Session, trace: Trace
) -> None:
    event = EVENTS[outlook](
        occurred_at=trace.at,
        budget_id=budget.budget_id,
        person_id=budget.person_id,
        total_pence=now.total_pence,
        expected_pence=now.expected_pence,
        weekly_pence=now.weekly_pence,
        pace_weeks=now.pace_weeks,
        weeks_left=now.weeks_left,
    )
    outbox.add(session, event, trace=trace)
