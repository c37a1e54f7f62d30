"""Which returns are overdue."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.returns import register
from services.budget.returns.commands import TellOverdueReturn
from services.budget.returns.models import OverdueReturn
from services.budget.returns.rules import OVERDUE_AFTER
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def overdue(at: datetime, *, session: Session) -> list[TellOverdueReturn]:
    """Return the items whose payments were not shown for twelve weeks, and nobody was told."""
    paid_before = day_in_london(at) - OVERDUE_AFTER
    told = {
        tuple(row) for row in session.execute(select(OverdueReturn.item_id, OverdueReturn.since_on))
    }
    return [
        TellOverdueReturn(
            budget_id=one.budget_id,
            item_id=one.item_id,
            since_on=one.since_on,
            unevidenced_pence=one.unevidenced_pence,
        )
        for one in register.unevidenced(session)
        if one.since_on <= paid_before and (one.item_id, one.since_on) not in told
    ][:MOST_AT_ONCE]
