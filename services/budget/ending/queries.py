"""The closing statement of a budget, as it stands on the day it is asked for."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.agreements.models import (
    Ending,
    EndReason,
    is_death_taken_back,
    known_budget,
)
from services.budget.ending import closing


def closing_statement(budget_id: UUID, *, session: Session) -> dict[str, Any]:
    """Return each funder's closing figures; for a person who moves, what the next area needs.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    budget = known_budget(session, budget_id)
    ending = session.get(Ending, budget_id)
    has_died = ending is not None and ending.reason is EndReason.DIED
    return {
        "budget_id": budget_id,
        "ends_on": ending.ends_on if ending else None,
        "reason": ending.reason if ending else None,
        "is_death_taken_back": has_died and is_death_taken_back(session, budget),
        "funders": [asdict(funder) for funder in closing.funders_at_end(session, budget_id)],
    }
