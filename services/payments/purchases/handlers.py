"""The changes that every way to pay makes to a purchase, and what the ledger is told of it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from services.payments.entitlements.models import (
    PlanItem,
)
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.rules import NOBODY
from services.payments.purchases import rules
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import BankClaims, CardClaims
from services.payments.purchases.states import BOUGHT, Ending, PurchaseState
from shared.contracts.payments.purchases import (
    PurchaseAmountsChanged,
    PurchaseCompleted,
    PurchaseReady,
    PurchaseRefused,
)
from shared.errors import NotFoundError
from shared.messaging import outbox
from shared.trace import Trace


def state_of(purchase: Purchase) -> Mapping[str, object]:
    return {"purchase_id": purchase.purchase_id, "state": purchase.state}


def locked(session: Session, purchase_id: UUID) -> Purchase:
    """Return a purchase that nobody else changes meanwhile.

    Raises:
        NotFoundError: there is none.
    """
    purchase = session.get(Purchase, purchase_id, with_for_update=True, populate_existing=True)
    if purchase is None:
        raise NotFoundError("There is no such purchase.", purchase_id=str(purchase_id))
    return purchase


def in_story(trace: Trace, purchase: Purchase) -> Trace:
    """Return the trace of what the outside says, as a part of the purchase's own story."""
    return replace(trace, correlation_id=purchase.correlation_id)


def make_ready(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    purchase.opened_at = trace.at
    purchase.restate()
    event = PurchaseReady(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        rail=purchase.rail,
    )
    outbox.add(session, event, trace=trace)


def refuse(
    purchase: Purchase,
    *,
    code: str,
    reason: str,
    next_step: str,
    ending: Ending = Ending.REFUSED,
    session: Session,
    trace: Trace,
) -> None:
    """End a purchase that cannot happen; whatever it held is free again."""
    purchase.ending = ending
    purchase.refusal_code = code
    purchase.refusal_reason = reason
    purchase.refusal_next_step = next_step
    add_up(purchase, session=session, trace=trace)
    end_tasks(purchase, code, session=session, trace=trace)
    event = PurchaseRefused(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        person_id=purchase.person_id,
        code=code,
        reason=reason,
        next_step=next_step,
    )
    outbox.add(session, event, trace=trace)


def end_tasks(purchase: Purchase, why: str, *, session: Session, trace: Trace) -> None:
    """Let nobody wait any more for a step of a purchase that is over."""
    exceptions.end_of_purchase(
        purchase.purchase_id, by=NOBODY, reason=why, session=session, trace=trace
    )


def set_card_claims(
    purchase: Purchase, claims: CardClaims, *, session: Session, trace: Trace
) -> None:
    """Keep what the issuer has said of a purchase in all, and let its amounts follow."""
    purchase.card_claims = claims
    add_up(purchase, session=session, trace=trace)


def set_bank_claims(
    purchase: Purchase, claims: BankClaims, *, session: Session, trace: Trace
) -> None:
    """Keep what the bank has said of a purchase in all, and let its amounts follow."""
    purchase.bank_claims = claims
    add_up(purchase, session=session, trace=trace)


def add_up(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Work out what a purchase reserves and has cost, and tell the ledger if that changed."""
    if _keep_amounts(purchase):
        tell_amounts(purchase, session=session, trace=trace)


def let_go(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Reserve nothing more for a purchase that is over, and tell it in any case.

    Also where nothing is held here yet: the ledger may be placing the hold right now.
    """
    _keep_amounts(purchase)
    tell_amounts(purchase, session=session, trace=trace)


def _keep_amounts(purchase: Purchase) -> bool:
    """Keep the amounts; returns whether they are others than the ledger was told."""
    now = rules.amounts(
        reserved_pence=purchase.reserved_pence,
        card=purchase.card_claims,
        bank=purchase.bank_claims,
        is_standing=purchase.is_standing,
    )
    purchase.captured_pence = now.captured_pence
    purchase.promised_pence = now.promised_pence
    before = (purchase.held_pence, purchase.posted_pence, purchase.unmatched_pence)
    is_changed = before != (now.held_pence, now.posted_pence, now.unmatched_pence)
    if is_changed:
        purchase.held_pence = now.held_pence
        purchase.posted_pence = now.posted_pence
        purchase.unmatched_pence = now.unmatched_pence
        purchase.reconciled_at = None  # whatever was reconciled was other amounts
    purchase.restate()
    return is_changed


def tell_amounts(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    purchase.version += 1
    event = PurchaseAmountsChanged(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        version=purchase.version,
        budget_id=purchase.budget_id,
        held_pence=purchase.held_pence,
        posted_pence=purchase.posted_pence,
        unmatched_pence=purchase.unmatched_pence,
    )
    outbox.add(session, event, trace=trace)


def settle(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Follow the ledger: completed, once, when it has booked what we say was paid."""
    purchase.restate()
    if purchase.state not in BOUGHT or purchase.state is PurchaseState.REFUNDED:
        return
    if purchase.completed_at is not None:
        return
    purchase.completed_at = trace.at
    item = session.get_one(PlanItem, purchase.item_id)
    event = PurchaseCompleted(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        person_id=purchase.person_id,
        description=item.description,
        posted_pence=purchase.posted_pence,
        available_pence=purchase.available_pence,
    )
    outbox.add(session, event, trace=trace)
