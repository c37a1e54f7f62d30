"""How a budget's reserve for a crisis stands, and what became of it before."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.agreements.models import known_budget
from services.budget.crisis_reserve import reserve as reserves
from services.budget.crisis_reserve.models import Crisis
from services.budget.crisis_reserve.rules import ReserveNotPromisedError


def crisis_reserve(budget_id: UUID, *, session: Session) -> dict[str, Any]:
    """Return what is promised, activated now and used of a reserve, with every crisis.

    Raises:
        BudgetNotFoundError: there is no such budget.
        ReserveNotPromisedError: nobody promised a reserve for it.
    """
    known_budget(session, budget_id)
    reserve = reserves.of_budget(session, budget_id)
    if reserve is None:
        raise ReserveNotPromisedError("No reserve for a crisis is promised for this budget.")
    promised = reserves.promised(session, reserve.reserve_id)
    stands = reserves.standing(session, reserve.reserve_id)
    in_order = (
        select(Crisis)
        .where(Crisis.reserve_id == reserve.reserve_id)
        .order_by(Crisis.activated_at, Crisis.stood_down_at.nulls_last())
    )
    crises = [_shown(session, crisis, budget_id) for crisis in session.scalars(in_order)]
    return {
        "reserve_id": reserve.reserve_id,
        "budget_id": budget_id,
        "promised_pence": sum(promised.values()),
        "stands_pence": sum(stands.values()),
        "activated_pence": sum(
            crisis["usable_pence"] for crisis in crises if crisis["stood_down_at"] is None
        ),
        "used_pence": sum(crisis["used_pence"] for crisis in crises),
        "parts": [
            {
                "funder_id": funder_id,
                "promised_pence": pence,
                "stands_pence": stands[funder_id],
            }
            for funder_id, pence in promised.items()
        ],
        "crises": crises,
    }


def _shown(session: Session, crisis: Crisis, budget_id: UUID) -> dict[str, Any]:
    parts = reserves.called_parts(session, crisis, budget_id)
    return {
        "crisis_id": crisis.crisis_id,
        "activated_at": crisis.activated_at,
        "stood_down_at": crisis.stood_down_at,
        "cap_pence": crisis.cap_pence,
        "usable_pence": crisis.usable_pence,
        "used_pence": crisis.usable_pence - sum(part.returned.pence for part in parts),
        "parts": [
            {
                "funder_id": part.funder_id,
                "contribution_id": part.contribution.contribution_id,
                "activated_pence": part.amount_pence,
                "used_pence": part.amount_pence - part.returned.pence,
            }
            for part in parts
        ],
    }
