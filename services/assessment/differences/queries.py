"""What changed in a plan."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.differences import rules
from services.assessment.differences.commands import DifferenceAsked
from services.assessment.support_plans import queries as support_plans
from services.assessment.support_plans.models import PlanVersion
from shared.errors import NotFoundError


def plan_difference(asked: DifferenceAsked, *, session: Session) -> Mapping[str, Any]:
    """Return what changed from one version of a plan to another, each with a sentence.

    Raises:
        NotFoundError: no such plan, or no such version of it.
    """
    versions = [
        session.get(PlanVersion, (asked.plan_id, version))
        for version in (asked.earlier, asked.later)
    ]
    contents = [support_plans.content(one, session=session) for one in versions if one is not None]
    if len(contents) < len(versions):
        raise NotFoundError("No such version of this plan.", plan_id=str(asked.plan_id))
    return {
        "plan_id": asked.plan_id,
        "from": asked.earlier,
        "to": asked.later,
        "changes": rules.differences(*contents),
    }
