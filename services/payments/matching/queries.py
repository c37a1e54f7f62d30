"""Refunds that wait for a person, each with the purchases it may be of."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.payments.exceptions.models import RaisedException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.matching import rules
from services.payments.matching.commands import QueueAsked
from services.payments.matching.rules import Capture
from services.payments.presentments.models import Presentment

MOST = 100
MOST_CAPTURES = 200
_NAMED = "presentment/"


def refund_queue(asked: QueueAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the refunds for which an exception is open, the most urgent first."""
    raised = (
        select(RaisedException)
        .where(RaisedException.kind == ExceptionKind.UNMATCHED_REFUND)
        .where(RaisedException.resolved_at.is_(None))
        .order_by(RaisedException.due_at, RaisedException.exception_id)
        .limit(MOST)
    )
    if asked.purchase_id is not None:
        raised = raised.where(RaisedException.purchase_id == asked.purchase_id)
    queue = []
    for one in session.scalars(raised).all():
        refund = session.get(Presentment, one.about.removeprefix(_NAMED))
        if refund is not None and refund.matched_to is None:
            queue.append(_shown(one, refund, session=session))
    return queue


def _shown(raised: RaisedException, refund: Presentment, *, session: Session) -> Mapping[str, Any]:
    suggested = rules.suggestions(
        issuer_card_id=refund.issuer_card_id,
        network_id=refund.network_id,
        amount_pence=refund.amount_pence,
        captures=_captures_like(refund, session=session),
    )
    return {
        "exception_id": raised.exception_id,
        "presentment_id": refund.presentment_id,
        "purchase_id": refund.purchase_id,
        "amount_pence": refund.amount_pence,
        "waiting_pence": raised.amount_pence,
        "heard_at": refund.heard_at,
        "due_at": raised.due_at,
        "suggestions": [
            {"purchase_id": one.purchase_id, "because": one.because} for one in suggested
        ],
    }


def _captures_like(refund: Presentment, *, session: Session) -> Sequence[Capture]:
    like: list[ColumnElement[bool]] = [Presentment.issuer_card_id == refund.issuer_card_id]
    if refund.network_id is not None:
        like.append(Presentment.network_id == refund.network_id)
    captures = session.scalars(
        select(Presentment)
        .where(Presentment.is_refund.is_(False), Presentment.is_reversal.is_(False), or_(*like))
        .where(Presentment.heard_at >= refund.heard_at - rules.LOOKED_BACK)
        .where(Presentment.amount_pence >= refund.amount_pence)
        .order_by(Presentment.heard_at.desc(), Presentment.presentment_id)
        .limit(MOST_CAPTURES)
    )
    return [
        Capture(
            purchase_id=purchase_id,
            issuer_card_id=one.issuer_card_id,
            network_id=one.network_id,
            amount_pence=one.amount_pence,
            heard_at=one.heard_at,
        )
        for one in captures
        if (purchase_id := one.counted_for) is not None
    ]
