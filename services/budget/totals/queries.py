"""Whether there is something to add to the totals."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.totals.commands import AddTotals

_IS_BEHIND = text("""
    SELECT EXISTS (SELECT FROM journals
                   WHERE seq > (SELECT coalesce(max(seq), 0) FROM totals_reach))
""")


def behind(at: datetime, *, session: Session) -> list[AddTotals]:
    """Return what is to be done: nothing while every journal is in the totals."""
    return [AddTotals()] if session.scalar(_IS_BEHIND) else []
