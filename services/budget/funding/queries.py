"""Which contributions are late."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind
from services.budget.funding.commands import ChaseContribution
from services.budget.funding.models import Contribution
from services.budget.funding.rules import DAYS_BETWEEN_REMINDERS
from shared.clock import day_in_london

MOST_AT_ONCE = 100


def late(at: datetime, *, session: Session) -> list[ChaseContribution]:
    """Return what is to be done about contributions of organisations that are late, oldest first.

    A person is not chased: what they owe is shown, and talked about with them.
    """
    today = day_in_london(at)
    chased_before = today - timedelta(days=DAYS_BETWEEN_REMINDERS)
    contribution_ids = session.scalars(
        select(Contribution.contribution_id)
        .join(Funder, Funder.funder_id == Contribution.funder_id)
        .where(Contribution.received_at.is_(None), Contribution.due_on < today)
        .where(Funder.kind != FunderKind.PERSON)
        .where(or_(Contribution.chased_on.is_(None), Contribution.chased_on <= chased_before))
        .order_by(Contribution.due_on, Contribution.contribution_id)
        .limit(MOST_AT_ONCE)
    )
    return [ChaseContribution(contribution_id=one) for one in contribution_ids]
