"""What people read of repayments."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.agreements.models import known_budget
from services.budget.repayment import register
from services.budget.repayment.models import Repayment, RepaymentStep


def repayments(budget_id: UUID, *, session: Session) -> list[dict[str, Any]]:
    """Return every repayment of a budget with its lines and steps, in order of their proposal.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    known_budget(session, budget_id)
    found = session.scalars(select(Repayment).where(Repayment.budget_id == budget_id)).all()
    told = [_with_steps(session, repayment) for repayment in found]
    return sorted(told, key=lambda one: (one["steps"][0]["taken_at"], one["repayment_id"]))


def _with_steps(session: Session, repayment: Repayment) -> dict[str, Any]:
    steps = session.scalars(
        select(RepaymentStep)
        .where(RepaymentStep.repayment_id == repayment.repayment_id)
        .order_by(RepaymentStep.number)
    )
    return {
        **register.told(repayment, register.lines_of(session, repayment.repayment_id)),
        "paid_by": repayment.paid_by,
        "manner": repayment.manner,
        "steps": [
            {
                "state": step.state,
                "taken_at": step.taken_at,
                "actor": step.actor,
                "asked_by": step.asked_by,
                "reason": step.reason,
                "amount_pence": step.amount_pence,
            }
            for step in steps
        ],
    }
