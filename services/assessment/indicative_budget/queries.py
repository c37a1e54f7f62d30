"""What a person may plan with, and how it was worked out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.indicative_budget.models import DeclinedBudget, IndicativeBudget


def shown(referral_id: UUID, *, session: Session) -> Mapping[str, Any] | None:
    """Return the latest indicative budget with its lines, if there is one."""
    budget = IndicativeBudget.latest(referral_id, session=session)
    if budget is None:
        return None
    return {
        "version": budget.version,
        "budget_kind": budget.budget_kind,
        "rule_set": budget.rule_set,
        "total_pence": budget.total_pence,
        "nhs_pence": budget.nhs_pence,
        "council_pence": budget.council_pence,
        "reserve_pence": budget.reserve_pence,
        "lines": budget.lines,
        "calculated_at": budget.calculated_at,
        "told_at": budget.told_at,
        "told_by_channel": budget.told_by_channel,
        "undeliverable_at": budget.undeliverable_at,
        "undeliverable_because": budget.undeliverable_because,
    }


def declines(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return when the person declined, and who had informed them."""
    declined = select(DeclinedBudget).where(DeclinedBudget.referral_id == referral_id)
    return [
        {
            "informed_by_role": one.informed_by_role,
            "informed_on": one.informed_on,
            "declined_at": one.declined_at,
        }
        for one in session.scalars(declined.order_by(DeclinedBudget.declined_at))
    ]
