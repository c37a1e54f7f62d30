"""What a person plans, what changed in it, and how much of it they run themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.support_plans.models import (
    Interview,
    Plan,
    PlanGoal,
    PlanItem,
    PlanVersion,
)

_CONTENT = (
    "parts",
    "preferences",
    "six_features",
    "risks",
    "risk_of_doing_nothing",
    "wanted_but_unavailable",
    "crisis_plan",
    "crisis_plan_declined_because",
)
_ITEM = (
    "item_id",
    "goal_ids",
    "part_id",
    "category",
    "description",
    "unit_cost_pence",
    "occurrences",
    "frequency",
    "rail",
    "payee",
    "merchant_category_code",
    "payer",
    "instead_of",
    "rationale",
)


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
        **content(version, session=session),
        "interviews": [_interview(one) for one in Interview.of(plan.referral_id, session=session)],
        "control_levels": control_levels(plan.plan_id, session=session),
        "drafted_at": version.drafted_at,
        "submitted_at": version.submitted_at,
    }


def content(version: PlanVersion, *, session: Session) -> dict[str, Any]:
    """Return what the three sign: the whole content of a version, put together from its tables."""
    key = version.plan_id, version.version
    return {
        "goals": [
            {"goal_id": goal.goal_id, "words": goal.words}
            for goal in PlanGoal.of(*key, session=session)
        ],
        "items": [
            {field: getattr(item, field) for field in _ITEM}
            for item in PlanItem.of(*key, session=session)
        ],
        **{field: getattr(version, field) for field in _CONTENT},
    }


def _interview(one: Interview) -> Mapping[str, Any]:
    return {
        "interview_id": one.interview_id,
        "broker_id": one.broker_id,
        "held_on": one.held_on,
        "mode": one.mode,
        "place": one.place,
        "attendees": one.attendees,
        "person_words": one.person_words,
    }


def control_levels(plan_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return how much of each part the person ran and how, since which version of the plan."""
    history: list[Mapping[str, Any]] = []
    latest: dict[str, tuple[int, str]] = {}
    for version in PlanVersion.all_of(plan_id, session=session):
        for part in version.parts:
            now = part["control_level"], part["mode"]
            if latest.get(part["part_id"]) != now:
                latest[part["part_id"]] = now
                since = {"since_version": version.version, "since": version.drafted_at}
                history.append({**part, **since})
    return history
