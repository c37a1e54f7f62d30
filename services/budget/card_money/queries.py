"""How much moved on cards and belongs to nobody yet."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.card_money.models import UnmatchedCard


def unmatched_pence(session: Session) -> Mapping[str, int]:
    """Return what cards of no purchase have taken and given back, in pence."""
    sums = select(func.sum(UnmatchedCard.taken_pence), func.sum(UnmatchedCard.returned_pence))
    taken_pence, returned_pence = session.execute(sums).one()
    return {"taken": int(taken_pence or 0), "returned": int(returned_pence or 0)}
