"""Having a card issued and closed: the errands, and what they lead to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.cards.models import Card, Cardholder, CardState
from services.payments.entitlements.models import Broker
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import PurchaseState
from shared.contracts.payments.cards import CardIssued
from shared.messaging import errands, outbox
from shared.trace import Trace

ISSUE_CARD = "issue_card"
CLOSE_CARD = "close_card"


def issue_card(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Have a card issued in the name of the broker who asked."""
    cardholder = session.get(Cardholder, purchase.requested_by)
    broker = session.get(Broker, (purchase.person_id, purchase.requested_by))
    arguments = {
        "purchase_id": str(purchase.purchase_id),
        "staff_id": str(purchase.requested_by),
        "holder_name": broker.name if broker else "",
        "issuer_cardholder_id": cardholder.issuer_cardholder_id if cardholder else None,
        "limit_pence": purchase.amount_pence,
    }
    errands.add(session, ISSUE_CARD, arguments, trace=trace)


def record_card(
    answer: Mapping[str, str], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep the issuer's ids and open the purchase; if it was cancelled meanwhile, close both."""
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    session.execute(
        insert(Cardholder)
        .values(
            staff_id=purchase.requested_by,
            issuer_cardholder_id=answer["issuer_cardholder_id"],
        )
        .on_conflict_do_nothing()
    )
    card = Card(
        card_id=uuid4(),
        purchase_id=purchase.purchase_id,
        issuer_card_id=answer["issuer_card_id"],
        state=CardState.ACTIVE,
        issued_at=trace.at,
    )
    session.add(card)
    event = CardIssued(occurred_at=trace.at, card_id=card.card_id, purchase_id=purchase.purchase_id)
    outbox.add(session, event, trace=trace)
    if purchase.state is PurchaseState.REQUESTED:
        purchases.make_ready(purchase, session=session, trace=trace)
    else:
        close_card(purchase, session=session, trace=trace)


def card_not_issued(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Free the money of a purchase for which there will be no card."""
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    if purchase.state is not PurchaseState.REQUESTED:
        return
    purchases.refuse(
        purchase,
        code="card_not_issued",
        reason="The card issuer did not issue a card for this purchase.",
        next_step="Ask for the purchase again; if that fails too, pay on invoice.",
        session=session,
        trace=trace,
    )


def close_card(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Approve nothing more on a purchase's card, if it has one, and have the issuer close it."""
    session.flush()
    card = session.scalar(select(Card).where(Card.purchase_id == purchase.purchase_id))
    if card is None or card.state is CardState.CLOSED:
        return
    card.state = CardState.CLOSED
    errands.add(session, CLOSE_CARD, {"issuer_card_id": card.issuer_card_id}, trace=trace)


def card_closed(
    answer: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Nothing is left to do: the card was closed here when that was asked for."""


def card_not_closed(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Leave the failed errand to be seen; we decline whatever is asked on the card."""
