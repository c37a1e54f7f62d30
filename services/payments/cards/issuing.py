"""What the issuer answered about cards, and what follows from it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.cards import handlers
from services.payments.cards.models import Card, Cardholder
from services.payments.cards.rules import IN_USE, CardState
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import OPEN
from shared.contracts.payments.cards import CardIssued
from shared.messaging import outbox
from shared.trace import Trace


def record_card(
    answer: Mapping[str, str], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep the issuer's ids and open the purchase; if it was cancelled meanwhile, close the card.

    A series has one card: where another has come meanwhile in a lost one's place, that serves.
    """
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    told = insert(Cardholder).values(
        holder_id=purchase.cardholder_id, issuer_cardholder_id=answer["issuer_cardholder_id"]
    )
    session.execute(
        told.on_conflict_do_update(
            index_elements=[Cardholder.holder_id],
            set_={"issuer_cardholder_id": told.excluded.issuer_cardholder_id},
            where=Cardholder.issuer_cardholder_id.is_(None),
        )
    )
    serving = handlers.card_of_series(purchase.series_id, session=session)
    is_waited_for = _waits_for_card(purchase)
    is_used = is_waited_for and serving is None
    _new_card(answer, purchase, is_used=is_used, session=session, trace=trace)
    if not is_waited_for:
        return
    if serving is not None:
        serving.purchase_id = purchase.purchase_id
    purchases.make_ready(purchase, session=session, trace=trace)


def _waits_for_card(purchase: Purchase) -> bool:
    """Whether it was neither called off nor opened in another way meanwhile."""
    return purchase.ending is None and purchase.opened_at is None and purchase.rail is Rail.CARD


def _new_card(
    answer: Mapping[str, str], purchase: Purchase, *, is_used: bool, session: Session, trace: Trace
) -> Card:
    """Keep a card. One that nobody needs any more is closed: another may serve its series."""
    card = Card(
        card_id=uuid4(),
        purchase_id=purchase.purchase_id,
        series_id=purchase.series_id,
        issuer_card_id=answer["issuer_card_id"],
        state=CardState.ACTIVE if is_used else CardState.CLOSED,
        issued_at=trace.at,
    )
    session.add(card)
    event = CardIssued(occurred_at=trace.at, card_id=card.card_id, purchase_id=purchase.purchase_id)
    outbox.add(session, event, trace=trace)
    if not is_used:
        handlers.close_with_purchase(card, session=session, trace=trace)
    session.flush()
    return card


def card_not_issued(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Free the money of a purchase for which there will be no card."""
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    if not _waits_for_card(purchase):
        return
    purchases.refuse(
        purchase,
        code="card_not_issued",
        reason="The card issuer did not issue a card for this purchase.",
        next_step="Ask for the purchase again; if that fails too, pay on invoice.",
        session=session,
        trace=trace,
    )


def record_replacement(
    answer: Mapping[str, str], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Put the new card in the old one's place; the old one's authorisations stay with it.

    Where another was issued for the next of its series meanwhile, that serves.
    """
    if answer["issuer_card_id"] == arguments["issuer_card_id"]:
        return  # it is only closed: nothing was left to buy with it
    purchase = handlers.locked_purchase(UUID(arguments["card_id"]), session=session)
    lost = session.get_one(Card, UUID(arguments["card_id"]), with_for_update=True)
    serving = handlers.card_of_series(lost.series_id, session=session)
    is_of_series = lost.series_id is not None
    is_needed = purchase.state in OPEN and purchase.rail is Rail.CARD
    is_series_over = lost.state is CardState.CLOSED
    is_used = serving is None and not is_series_over and (is_of_series or is_needed)
    card = _new_card(answer, purchase, is_used=is_used, session=session, trace=trace)
    lost.replaced_by = (serving or card).card_id
    handlers.tell_replaced(lost, by=lost.replaced_by, session=session, trace=trace)


def card_not_replaced(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Have somebody look: the old card pays nothing, and there is no new one."""
    command = RaiseException(
        kind=ExceptionKind.CARD_NOT_REPLACED,
        about=f"card/{arguments['card_id']}",
        purchase_id=UUID(arguments["purchase_id"]),
    )
    exceptions.raise_exception(command, session=session, trace=trace)


def record_status(
    answer: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Ask once more if the card has become something else meanwhile: the last word holds."""
    card = session.get_one(Card, UUID(arguments["card_id"]), with_for_update=True)
    if card.state in IN_USE and handlers.ISSUER_STATUS[card.state] != arguments["status"]:
        handlers.set_status(card, session=session, trace=trace)


def status_not_set(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Leave the failed errand to be seen; a frozen card is declined here all the same."""


def card_closed(
    answer: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Nothing is left to do: the card was closed here when that was asked for."""


def card_not_closed(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Leave the failed errand to be seen; we decline whatever is asked on the card."""
