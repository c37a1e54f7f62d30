"""Trying a proposed exclusion on what was bought."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.decisions.models import Decision
from services.payments.decisions.rules import EXCLUDED
from services.payments.entitlements.models import PlanItem
from services.payments.exclusions import handlers as exclusions
from services.payments.exclusions.commands import TryExclusion
from services.payments.exclusions.models import ExclusionTrial
from services.payments.exclusions.queries import rulebook_on, wanted_of
from services.payments.purchases.models import Purchase
from services.payments.trials.rules import Past, difference
from shared.errors import IdReusedError
from shared.trace import Trace

MOST_NAMED = 200  # all are counted


def try_exclusion(command: TryExclusion, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Keep what a proposal would have refused of the last days, once for each ``trial_id``.

    Raises:
        UnknownExclusionError: nobody proposed it.
        IdReusedError: ``trial_id`` was used for another trial.
    """
    earlier = session.get(ExclusionTrial, command.trial_id)
    if earlier is not None:
        asked = (command.exclusion_id, command.days, command.tried_by)
        if asked != (earlier.exclusion_id, earlier.days, earlier.tried_by):
            raise IdReusedError("Another trial has this id.")
        return {"trial_id": earlier.trial_id, **earlier.result}
    proposed = exclusions.locked(command.exclusion_id, session=session)
    since = trace.at - timedelta(days=command.days)
    past = [*_purchases(since, session=session), *_payments(since, session=session)]
    found = difference(
        past,
        applying=rulebook_on(trace.today, session=session).exclusions,
        tried=proposed.as_rule(),
    )
    result = {
        "looked_at": {
            "purchases": sum(one.event_id is None for one in past),
            "card_payments": sum(one.event_id is not None for one in past),
        },
        "would_refuse": _told(found.refused),
        "would_allow": _told(found.allowed),
    }
    session.add(
        ExclusionTrial(
            trial_id=command.trial_id,
            exclusion_id=command.exclusion_id,
            days=command.days,
            tried_by=command.tried_by,
            tried_at=trace.at,
            result=result,
        )
    )
    return {"trial_id": command.trial_id, **result}


def _purchases(since: datetime, *, session: Session) -> list[Past]:
    rows = session.execute(
        select(Purchase, PlanItem)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .where(Purchase.requested_at >= since)
        .order_by(Purchase.requested_at, Purchase.purchase_id)
    )
    return [
        Past(
            purchase_id=row.Purchase.purchase_id,
            event_id=None,
            amount_pence=row.Purchase.amount_pence,
            wanted=wanted_of(row.PlanItem, shop=row.PlanItem.merchant_category_code),
            was_allowed=True,
        )
        for row in rows
    ]


def _payments(since: datetime, *, session: Session) -> list[Past]:
    rows = session.execute(
        select(Decision, PlanItem)
        .join(Purchase, Purchase.purchase_id == Decision.purchase_id)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .where(Decision.decided_at >= since)
        .where(Decision.is_approved | Decision.code.in_(EXCLUDED.values()))
        .order_by(Decision.decided_at, Decision.event_id)
    )
    return [
        Past(
            purchase_id=row.Decision.purchase_id,
            event_id=row.Decision.event_id,
            amount_pence=row.Decision.amount_pence,
            wanted=wanted_of(row.PlanItem, shop=row.Decision.merchant_category_code or None),
            was_allowed=row.Decision.is_approved,
        )
        for row in rows
    ]


def _told(past: Sequence[Past]) -> Mapping[str, Any]:
    """Return how many and how much, and the first of them by their ids."""
    return {
        "count": len(past),
        "pence": sum(one.amount_pence for one in past),
        "named": [
            {
                "purchase_id": str(one.purchase_id),
                "event_id": one.event_id,
                "amount_pence": one.amount_pence,
                "item_category": one.wanted.item_category,
                "merchant_category_code": one.wanted.shop,
            }
            for one in past[:MOST_NAMED]
        ],
    }
