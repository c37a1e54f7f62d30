"""What a budget is likely to come to, and which budgets are to be looked at."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.budget.accounts.rules import BudgetNotFoundError
from services.budget.agreements.models import Budget, BudgetState
from services.budget.forecasts import rules, spending
from services.budget.forecasts.commands import LookAhead
from services.budget.forecasts.models import LastForecast
from shared.clock import day_in_london

MOST_AT_ONCE = 200


def forecast(asked: Mapping[str, Any], *, session: Session) -> dict[str, Any]:
    """Return what a budget comes to if things go on as they are, with what that assumes.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    found = spending.of_budget(session, asked["budget_id"], on=asked["on"])
    if found is None:
        raise BudgetNotFoundError("There is no such budget.")
    now = rules.forecast(found)
    return {
        "budget_id": asked["budget_id"],
        "on": asked["on"],
        **asdict(now),
        "gap_pence": now.gap_pence,
        "assumptions": list(now.assumptions),
    }


def to_look_at(at: datetime, *, session: Session) -> list[LookAhead]:
    """Return active budgets that were not looked at for a week, longest ago first."""
    before = day_in_london(at) - timedelta(days=rules.DAYS_BETWEEN_LOOKS)
    budget_ids = session.scalars(
        select(Budget.budget_id)
        .join(LastForecast, LastForecast.budget_id == Budget.budget_id, isouter=True)
        .where(Budget.state == BudgetState.ACTIVE)
        .where(or_(LastForecast.looked_on.is_(None), LastForecast.looked_on <= before))
        .order_by(LastForecast.looked_on.nulls_first(), Budget.budget_id)
        .limit(MOST_AT_ONCE)
    )
    return [LookAhead(budget_id=budget_id) for budget_id in budget_ids]
