"""Which series a budget has, and which of them are due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.series.commands import AskForOccurrence
from services.payments.series.models import Occurrence, Series
from services.payments.series.rules import SeriesState
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def due(at: datetime, *, session: Session) -> list[AskForOccurrence]:
    """Return the occurrences that are due, those that have waited longest first."""
    found = session.scalars(
        select(Series)
        .where(Series.state == SeriesState.ACTIVE, Series.next_due_on <= day_in_london(at))
        .order_by(Series.next_due_on, Series.series_id)
        .limit(MOST_AT_ONCE)
    )
    return [AskForOccurrence(series_id=one.series_id, due_on=one.next_due_on) for one in found]


def series(budget_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return a budget's series with what became of each of their days."""
    found = session.scalars(
        select(Series)
        .where(Series.budget_id == budget_id)
        .order_by(Series.requested_at, Series.series_id)
    )
    return [_shown(one, session=session) for one in found.all()]


def _shown(one: Series, *, session: Session) -> Mapping[str, Any]:
    occurrences = session.scalars(
        select(Occurrence).where(Occurrence.series_id == one.series_id).order_by(Occurrence.due_on)
    )
    return {
        "series_id": one.series_id,
        "item_id": one.item_id,
        "kind": one.kind,
        "holder_id": one.holder_id,
        "state": one.state,
        "amount_pence": one.amount_pence,
        "every": one.every,
        "period": one.period,
        "period_cap_pence": one.period_cap_pence,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "next_due_on": one.next_due_on if one.state is SeriesState.ACTIVE else None,
        "requested_by": one.requested_by,
        "approved_by": one.approved_by,
        "ended_by": one.ended_by,
        "ended_because": one.ended_because,
        "ended_at": one.ended_at,
        "occurrences": [
            {
                "due_on": occurrence.due_on,
                "purchase_id": occurrence.purchase_id,
                "refusal_code": occurrence.refusal_code,
            }
            for occurrence in occurrences
        ],
    }
