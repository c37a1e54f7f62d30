"""What a person plans."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.support_plans.models import Plan, PlanItem, PlanVersion


def shown(plan: Plan, *, session: Session) -> Mapping[str, Any]:
    """Return the latest version of a plan with its items."""
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    return {
        "plan_id": plan.plan_id,
        "state": plan.state,
        "version": plan.version,
        "approved_version": plan.approved_version,
        "budget_id": plan.budget_id,
        "content_sha256": version.content_sha256,
        "total_pence": version.total_pence,
        "items": [_item(item) for item in PlanItem.of(plan.plan_id, plan.version, session=session)],
        "crisis_plan": version.crisis_plan,
        "crisis_plan_declined_because": version.crisis_plan_declined_because,
        "drafted_at": version.drafted_at,
        "submitted_at": version.submitted_at,
    }


def _item(item: PlanItem) -> Mapping[str, Any]:
    return {
        "item_id": item.item_id,
        "goal": item.goal,
        "category": item.category,
        "description": item.description,
        "unit_cost_pence": item.unit_cost_pence,
        "occurrences": item.occurrences,
        "frequency": item.frequency,
        "rail": item.rail,
        "payee": item.payee,
        "merchant_category_code": item.merchant_category_code,
        "payer": item.payer,
        "instead_of": item.instead_of,
    }
