"""What a person may plan with, and how it was worked out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.calculations.rules import kept, sha256
from services.assessment.indicative_budget.commands import CalculationAsked
from services.assessment.indicative_budget.models import DeclinedBudget, IndicativeBudget
from services.assessment.rule_sets.models import named
from shared.errors import NotFoundError


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
        "gross_pence": budget.gross_pence,
        "lines": budget.lines,
        "what_would_change": budget.what_would_change,
        "calculation_sha256": budget.calculation_sha256,
        "calculated_at": budget.calculated_at,
        "told_at": budget.told_at,
        "told_by_channel": budget.told_by_channel,
        "undeliverable_at": budget.undeliverable_at,
        "undeliverable_because": budget.undeliverable_because,
    }


def worked_out_again(asked: CalculationAsked, *, session: Session) -> Mapping[str, Any]:
    """Work an earlier calculation out again from what went in, by the rules of its time.

    Raises:
        NotFoundError: no such calculation.
    """
    budget = session.get(IndicativeBudget, (asked.referral_id, asked.version))
    if budget is None:
        raise NotFoundError("No such calculation.", referral_id=str(asked.referral_id))
    rule_set = named(budget.rule_set, session=session)
    digest = sha256(kept(budget.inputs).calculation(rule_set))
    return {
        "rule_set": budget.rule_set,
        "inputs": budget.inputs,
        "calculation_sha256": digest,
        "is_same": digest == budget.calculation_sha256,
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
