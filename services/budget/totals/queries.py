"""Whether there is something to add to the totals."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.totals.commands import AddTotals

MOST_JOURNALS = 5_000  # in one transaction, so that it ends within a second
MOST_AT_ONCE = 10

_BEHIND = text("""
    SELECT coalesce((SELECT max(seq) FROM journals), 0)
           - coalesce((SELECT max(seq) FROM totals_reach), 0)
""")


def behind(at: datetime, *, session: Session) -> list[AddTotals]:
    """Return what is to be done: nothing while every journal is in the totals."""
    journals = int(session.scalar(_BEHIND) or 0)
    steps = min(MOST_AT_ONCE, -(-journals // MOST_JOURNALS))
    return [AddTotals(most=MOST_JOURNALS)] * steps
