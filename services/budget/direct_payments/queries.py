"""What is to be done about direct payments."""

from datetime import datetime
from uuid import uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.direct_payments import register
from services.budget.direct_payments.commands import PayDirectPayment, TellOverdueReturn
from services.budget.direct_payments.models import OverdueReturn
from services.budget.direct_payments.register import Due
from services.budget.direct_payments.rules import OVERDUE_AFTER
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def due(at: datetime, *, session: Session) -> list[PayDirectPayment]:
    """Return the payments that are due, those first that were not tried yet.

    Those that could not be made come in another order each time, so that each has its turn.
    """

    def order(one: Due) -> tuple[bool, bytes]:
        return one.is_tried, uuid5(one.schedule_id, f"{at} {one.period_starts_on}").bytes

    found = sorted(register.due(session, on=day_in_london(at)), key=order)
    return [
        PayDirectPayment(schedule_id=one.schedule_id, period_starts_on=one.period_starts_on)
        for one in found[:MOST_AT_ONCE]
    ]


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
