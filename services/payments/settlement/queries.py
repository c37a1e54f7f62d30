"""What a day's settlement came to, which money is held for long, and what nobody has sent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.models import RaisedException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.presentments.models import Presentment
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import PurchaseState
from services.payments.settlement import matching, rules
from services.payments.settlement.commands import ClosePurchase, OpenHoldsAsked
from shared import clock
from shared.clock import day_in_london

MOST = 200
AGES_DAYS = (7, 14, 30)  # up to so many days, and older


def settlement(day: date, *, session: Session) -> Mapping[str, Any]:
    """Return what a day's file came to."""
    return matching.summary_of(day, session=session)


def open_holds(asked: OpenHoldsAsked, *, session: Session) -> Mapping[str, Any]:
    """Return how old the money is that is set aside, and the oldest purchases that hold it."""
    at = clock.now()
    found = session.execute(
        select(Purchase.purchase_id, Purchase.state, Purchase.held_pence, Purchase.requested_at)
        .where(Purchase.held_pence > 0)
        .where(Purchase.requested_at <= at - timedelta(days=asked.older_than_days))
        .order_by(Purchase.requested_at, Purchase.purchase_id)
    ).all()
    ages: dict[str, dict[str, int]] = {}
    for row in found:
        band = ages.setdefault(_band((at - row.requested_at).days), {"holds": 0, "held_pence": 0})
        band["holds"] += 1
        band["held_pence"] += row.held_pence
    return {
        "holds": len(found),
        "held_pence": sum(row.held_pence for row in found),
        "ages": ages,
        "oldest": [
            {
                "purchase_id": row.purchase_id,
                "state": row.state,
                "held_pence": row.held_pence,
                "requested_at": row.requested_at,
                "age_days": (at - row.requested_at).days,
            }
            for row in found[:MOST]
        ],
    }


def old_holds(at: datetime, *, session: Session) -> list[RaiseException]:
    """Return the holds that somebody has to look at because of their age, once each."""
    found = session.execute(
        select(Purchase.purchase_id, Purchase.held_pence)
        .where(Purchase.held_pence > 0)
        .where(Purchase.requested_at <= at - rules.HOLD_IS_OLD_AFTER)
        .where(
            ~exists().where(
                RaisedException.kind == ExceptionKind.HOLD_TOO_OLD,
                RaisedException.about == func.concat("purchase/", Purchase.purchase_id),
            )
        )
        .order_by(Purchase.requested_at, Purchase.purchase_id)
        .limit(MOST)
    )
    return [
        RaiseException(
            kind=ExceptionKind.HOLD_TOO_OLD,
            about=f"purchase/{row.purchase_id}",
            purchase_id=row.purchase_id,
            amount_pence=row.held_pence,
        )
        for row in found
    ]


def late_files(at: datetime, *, session: Session) -> list[RaiseException]:
    """Return the days on which money moved and whose file nobody has imported, once each."""
    today = day_in_london(at)
    heard_on = func.date(func.timezone("Europe/London", Presentment.heard_at))
    late_from = today - rules.IN_A_FILE_WITHIN
    found = session.execute(
        select(heard_on.label("day"), func.sum(Presentment.amount_pence).label("pence"))
        .where(Presentment.heard_at >= at - rules.LOOKED_BACK)
        .where(Presentment.heard_at < datetime.combine(late_from, datetime.min.time(), tzinfo=UTC))
        .group_by(heard_on)
        .order_by(heard_on)
    ).all()
    return [
        RaiseException(
            kind=ExceptionKind.SETTLEMENT_FILE_MISSING,
            about=f"settlement/{row.day}",
            amount_pence=int(row.pence),
        )
        for row in found
        if matching.file_that_counts(row.day, session=session) is None
    ]


def _band(age_days: int) -> str:
    for most in AGES_DAYS:
        if age_days <= most:
            return f"up to {most} days"
    return f"over {AGES_DAYS[-1]} days"


def to_close(at: datetime, *, session: Session) -> list[ClosePurchase]:
    """Return the purchases of which nothing more is expected, a few at a time."""
    found = session.scalars(
        select(Purchase.purchase_id)
        .where(Purchase.reconciled_at <= at - rules.CLOSED_AFTER)
        .where(Purchase.closed_at.is_(None))
        .where(Purchase.state == PurchaseState.RECONCILED)
        .order_by(Purchase.reconciled_at)
        .limit(MOST)
    )
    return [ClosePurchase(purchase_id=one) for one in found]
