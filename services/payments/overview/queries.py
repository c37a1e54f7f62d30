"""What people read of purchases."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.cards.models import Card
from services.payments.decisions.models import Decision
from services.payments.entitlements.models import PlanItem
from services.payments.entitlements.rules import Rail
from services.payments.limits.handlers import limits_on
from services.payments.limits.rules import BROKER, NOTHING
from services.payments.payees import queries as register
from services.payments.payees.rules import PayeeNotPayableError
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import BOUGHT, OPEN, PurchaseState
from services.payments.receipts.models import Receipt
from shared import clock
from shared.clock import day_in_london
from shared.errors import NotFoundError
from shared.money import pounds


def purchase(purchase_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return one purchase, its card's decisions and its receipts.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(Purchase, purchase_id)
    if found is None:
        raise NotFoundError("There is no such purchase.", purchase_id=str(purchase_id))
    return _shown(found, session=session)


def purchases(budget_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return a budget's purchases, oldest first."""
    found = session.scalars(
        select(Purchase)
        .where(Purchase.budget_id == budget_id)
        .order_by(Purchase.requested_at, Purchase.purchase_id)
    )
    return [_shown(one, session=session) for one in found.all()]


def totals(_asked: object, *, session: Session) -> Mapping[str, Any]:
    """Return how many purchases were paid, by rail, how many are open, and declined cards."""
    bought = session.execute(
        select(Purchase.rail, func.count())
        .where(Purchase.state.in_(BOUGHT))
        .group_by(Purchase.rail)
    )
    counts = {row.rail: row.count for row in bought.all()}
    declines = select(func.count()).select_from(Decision).where(Decision.is_approved.is_(False))
    still_open = select(func.count()).select_from(Purchase).where(Purchase.state.in_(OPEN))
    return {
        "purchases": {rail.value: counts.get(rail, 0) for rail in Rail},
        "card_declines": session.scalar(declines),
        "open": session.scalar(still_open),
        "decision_ms": _decision_ms(session),
    }


def _decision_ms(session: Session) -> Mapping[str, float]:
    """Return how long half of the decisions took, and all but one of a hundred, in milliseconds.

    From the request's arrival until the decision was about to be written: without the commit.
    """
    found = session.scalar(
        select(func.percentile_cont([0.5, 0.99]).within_group(Decision.decided_ms.asc()))
    )
    half, most = found or (0, 0)
    return {"p50": round(half, 1), "p99": round(most, 1)}


def _shown(purchase: Purchase, *, session: Session) -> Mapping[str, Any]:
    item = session.get_one(PlanItem, purchase.item_id)
    card = (
        select(Card.issuer_card_id)
        .where(Card.purchase_id == purchase.purchase_id)
        .order_by(Card.issued_at.desc(), Card.card_id)
        .limit(1)
    )
    return {
        "purchase_id": purchase.purchase_id,
        "item_id": purchase.item_id,
        "state": purchase.state,
        "rail": purchase.rail,
        "amount_pence": purchase.amount_pence,
        "counted_pence": purchase.counted_pence,
        "held_pence": purchase.held_pence,
        "posted_pence": purchase.posted_pence,
        "issuer_card_id": session.scalar(card),
        "description": item.description,
        "payee": item.payee,
        "refusal": _refusal(purchase),
        "waits_for": _waits_for(purchase, item, session=session),
        "decisions": _decisions(purchase, session=session),
        "receipts": _receipts(purchase, session=session),
    }


def _refusal(purchase: Purchase) -> Mapping[str, Any] | None:
    if purchase.refusal_code is None:
        return None
    return {
        "code": purchase.refusal_code,
        "reason": purchase.refusal_reason,
        "next_step": purchase.refusal_next_step,
    }


def _waits_for(purchase: Purchase, item: PlanItem, *, session: Session) -> Mapping[str, Any] | None:
    """Say what keeps a purchase from being paid: a second person, or its payee."""
    if purchase.state is PurchaseState.AWAITING_APPROVAL:
        return _waits_for_approval(purchase, session=session)
    is_held = purchase.state is PurchaseState.REQUESTED and purchase.held_pence > 0
    if not is_held or purchase.rail is Rail.CARD:
        return None
    on = day_in_london(clock.now())
    payee = register.payable(item, person_id=purchase.person_id, on=on, session=session)
    if not isinstance(payee, PayeeNotPayableError):
        return None
    return {"code": payee.code, "reason": payee.message, "next_step": payee.next_step}


def _waits_for_approval(purchase: Purchase, *, session: Session) -> Mapping[str, Any]:
    limits = limits_on(session, day_in_london(clock.now()))
    limit = limits.get(BROKER, NOTHING)
    return {
        "code": "approval_wanted",
        "reason": f"With what a shop may take beyond it, and what was asked for like it lately, it"
        f" comes to {pounds(purchase.counted_pence)}; {pounds(limit.asks_up_to_pence)} is asked"
        " for alone.",
        "next_step": "Somebody else on the care team whose role may approve so much approves,"
        " returns or rejects it.",
        "details": {
            "amount_pence": purchase.amount_pence,
            "counted_pence": purchase.counted_pence,
            "asks_up_to_pence": limit.asks_up_to_pence,
            "counts_for_days": limit.counts_for_days,
        },
    }


def _decisions(purchase: Purchase, *, session: Session) -> list[Mapping[str, Any]]:
    decisions = session.scalars(
        select(Decision)
        .where(Decision.purchase_id == purchase.purchase_id)
        .order_by(Decision.decided_at, Decision.event_id)
    )
    return [
        {
            "event_id": decision.event_id,
            "is_approved": decision.is_approved,
            "amount_pence": decision.amount_pence,
            "approved_pence": decision.approved_pence,
            "policy_version": decision.policy_version,
            "code": decision.code,
            "reason": decision.reason,
            "next_step": decision.next_step,
            "decided_at": decision.decided_at,
        }
        for decision in decisions
    ]


def _receipts(purchase: Purchase, *, session: Session) -> list[Mapping[str, Any]]:
    receipts = session.scalars(
        select(Receipt)
        .where(Receipt.purchase_id == purchase.purchase_id)
        .order_by(Receipt.attached_at, Receipt.receipt_id)
    )
    return [
        {
            "receipt_id": receipt.receipt_id,
            "sha256": receipt.sha256,
            "amount_pence": receipt.amount_pence,
            "attached_at": receipt.attached_at,
        }
        for receipt in receipts
    ]
