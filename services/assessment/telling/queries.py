"""Who told a person the amount, when and how it was understood."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.telling.commands import ToldAsked
from services.assessment.telling.models import ToldInPerson
from shared.errors import NotFoundError


def amount_told(asked: ToldAsked, *, session: Session) -> Mapping[str, Any]:
    """Return whether the person knows the latest amount, and how they came to know it.

    Raises:
        NotFoundError: there is no amount to know.
    """
    budget = IndicativeBudget.latest(asked.referral_id, session=session)
    if budget is None:
        raise NotFoundError("There is no indicative budget.", referral_id=str(asked.referral_id))
    return {
        "version": budget.version,
        "calculated_at": budget.calculated_at,
        "is_told": budget.told_at is not None,
        "told_at": budget.told_at,
        "told_by_channel": budget.told_by_channel,
        "undeliverable_at": budget.undeliverable_at,
    }


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every talk in which the person heard an amount, in their order."""
    talks = select(ToldInPerson).where(ToldInPerson.referral_id == referral_id)
    return [
        {
            "version": talk.version,
            "told_by_role": talk.told_by_role,
            "told_on": talk.told_on,
            "how_understood": talk.how_understood,
            "interpreter": talk.interpreter,
        }
        for talk in session.scalars(talks.order_by(ToldInPerson.recorded_at))
    ]
