"""The schedules of direct payments: which counts for a day, and what is due by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.direct_payments import rules
from services.budget.direct_payments.models import Schedule
from services.budget.direct_payments.rules import Recurrence

# The schedules by which something can be due on a day, each with the day before which it is paid
# and how much of it is.
_SCHEDULES = text("""
    SELECT s.schedule_id, s.budget_id, s.recurrence, s.starts_on,
           least(s.ends_on, s.followed_on) AS ends_on,
           (SELECT count(*) FROM direct_payments AS p
            WHERE p.schedule_id = s.schedule_id) AS paid
    FROM (SELECT *, lead(starts_on) OVER (PARTITION BY item_id ORDER BY number) AS followed_on
          FROM direct_payment_schedules) AS s
    JOIN budgets AS b USING (budget_id)
    WHERE s.starts_on <= :on AND (CAST(:pool_id AS uuid) IS NULL OR b.pool_id = :pool_id)
    ORDER BY s.budget_id, s.schedule_id
""")
_KNOWN = text("""
    SELECT period_starts_on, true AS is_paid FROM direct_payments WHERE schedule_id = :schedule_id
    UNION ALL
    SELECT period_starts_on, false FROM unpaid_direct_payments WHERE schedule_id = :schedule_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A payment that is due and was not made."""

    schedule_id: UUID
    budget_id: UUID
    period_starts_on: date
    is_tried: bool  # and could not be made


def due(session: Session, *, on: date, pool_id: UUID | None = None) -> Iterator[Due]:
    """Yield what is due on a day and was not paid, by budget."""
    for row in session.execute(_SCHEDULES, {"on": on, "pool_id": pool_id}).all():
        periods = list(
            rules.due_periods(row.starts_on, Recurrence(row.recurrence), ends_on=row.ends_on, on=on)
        )
        if len(periods) <= row.paid:
            continue
        known = session.execute(_KNOWN, {"schedule_id": row.schedule_id}).all()
        paid = {one.period_starts_on for one in known if one.is_paid}
        tried = {one.period_starts_on for one in known}
        for period_starts_on in periods:
            if period_starts_on not in paid:
                yield Due(
                    schedule_id=row.schedule_id,
                    budget_id=row.budget_id,
                    period_starts_on=period_starts_on,
                    is_tried=period_starts_on in tried,
                )


def newest(session: Session, item_id: UUID) -> Schedule | None:
    """Return the newest schedule of an item, if it has one."""
    of_item = select(Schedule).where(Schedule.item_id == item_id)
    return session.scalars(of_item.order_by(Schedule.number.desc()).limit(1)).first()


def is_followed(session: Session, schedule: Schedule, period_starts_on: date) -> bool:
    """Say whether a later schedule counts for a period: it may have come meanwhile."""
    later = (
        select(Schedule.schedule_id)
        .where(Schedule.item_id == schedule.item_id, Schedule.number > schedule.number)
        .where(Schedule.starts_on <= period_starts_on)
    )
    return session.scalars(later.limit(1)).first() is not None
