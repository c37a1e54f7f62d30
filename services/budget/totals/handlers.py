"""Adding journals to the totals."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.accounts.bookkeeper import settled
from services.budget.totals.commands import AddTotals
from shared.trace import Trace

_ADD = text("SELECT add_totals(:most, :settled_seq)")


def add_totals(command: AddTotals, *, session: Session, trace: Trace) -> None:
    """Add the next journals to the totals of their days and months.

    Done twice it does no harm: a journal is added when the totals reach it, and never again.
    """
    session.execute(_ADD, {"most": command.most, "settled_seq": settled(session).seq})
