"""Which direct payments are due."""

from datetime import datetime
from uuid import uuid5

from sqlalchemy.orm import Session

from services.budget.direct_payments import register
from services.budget.direct_payments.commands import PayDirectPayment
from services.budget.direct_payments.register import Due
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
