"""What was heard that partners may hear of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from access import relations
from services.partners.outbound.models import HeardEvent, KnownBudget


def about_person(person_id: UUID, *, since: datetime | None, session: Session) -> list[HeardEvent]:
    """Return the events about a person under any of their ids, oldest first, from an instant on."""
    people = relations.ids_of(person_id, session=session)
    budgets = select(KnownBudget.budget_id).where(KnownBudget.person_id.in_(people))
    about = or_(HeardEvent.person_id.in_(people), HeardEvent.budget_id.in_(budgets))
    found = select(HeardEvent).where(about).order_by(HeardEvent.position)
    if since is not None:
        found = found.where(HeardEvent.occurred_at >= since)
    return list(session.scalars(found))


def about_budget(budget_id: UUID, *, session: Session) -> list[HeardEvent]:
    """Return the events about a budget, oldest first."""
    found = select(HeardEvent).where(HeardEvent.budget_id == budget_id)
    return list(session.scalars(found.order_by(HeardEvent.position)))
