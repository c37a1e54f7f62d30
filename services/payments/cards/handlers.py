"""Having a card issued, and what becomes of it: frozen, replaced, closed."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.cards import rules
from services.payments.cards.commands import ChangeCard, CloseUsedCard, ReplaceCard
from services.payments.cards.models import Card, CardChange, Cardholder
from services.payments.cards.rules import IN_USE, CardState
from services.payments.entitlements.models import Broker, PlanItem
from services.payments.exclusions.queries import rulebook_on, wanted_of
from services.payments.exclusions.rules import excluded_shops
from services.payments.merchant_categories import NAMES
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import OPEN
from shared.contracts.payments.cards import CardClosed, CardFrozen, CardReplaced, CardUnfrozen
from shared.errors import IdReusedError
from shared.messaging import errands, outbox
from shared.trace import Trace

ISSUE_CARD = "issue_card"
REPLACE_CARD = "replace_card"
SET_CARD_STATUS = "set_card_status"
CLOSE_CARD = "close_card"
Told = type[CardFrozen] | type[CardUnfrozen] | type[CardClosed]
CHANGED: Mapping[CardState, Told] = {
    CardState.FROZEN: CardFrozen,
    CardState.ACTIVE: CardUnfrozen,
}
SERIES_ENDED = "Its series has ended."
ISSUER_STATUS = {CardState.ACTIVE: "active", CardState.FROZEN: "inactive"}


def issue_card(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Have a card issued to the broker who asked, or to the holder; a series has one for all."""
    card = card_of_series(purchase.series_id, session=session)
    if card is not None:
        card.purchase_id = purchase.purchase_id
        purchases.make_ready(purchase, session=session, trace=trace)
        return
    arguments = {
        "purchase_id": str(purchase.purchase_id),
        **_holder_of(purchase, session=session),
        **_controls(purchase, session=session, trace=trace),
    }
    errands.add(session, ISSUE_CARD, arguments, trace=trace)


def keep_holder(holder_id: UUID, name: str, *, session: Session) -> None:
    """Keep under which name somebody has a card themselves, once.

    Raises:
        IdReusedError: they are known under another name, or are a broker.
    """
    known = session.get(Cardholder, holder_id)
    if known is None:
        session.add(Cardholder(holder_id=holder_id, name=name))
    elif known.name != name:
        raise IdReusedError("This holder is known here under another name.")


def _holder_of(purchase: Purchase, *, session: Session) -> Mapping[str, str | None]:
    """Return what the issuer needs to know of who holds a purchase's card."""
    cardholder = session.get(Cardholder, purchase.cardholder_id)
    return {
        "holder_reference": str(rules.holder_reference(purchase.cardholder_id)),
        "holder_name": _name(purchase, cardholder, session=session),
        "issuer_cardholder_id": cardholder.issuer_cardholder_id if cardholder else None,
    }


def _name(purchase: Purchase, cardholder: Cardholder | None, *, session: Session) -> str:
    if cardholder is not None and cardholder.name is not None:
        return cardholder.name
    broker = session.get(Broker, (purchase.person_id, purchase.requested_by))
    return broker.name if broker else ""


def _controls(purchase: Purchase, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Return what the issuer itself is to see to, also when it cannot ask us."""
    rulebook = rulebook_on(trace.today, session=session)
    is_of_series = purchase.series_id is not None
    controls: dict[str, object] = {
        "limit_pence": purchase.limit_pence,
        "limit_applies_to": "each" if is_of_series else "all",
        "payment_count": None if is_of_series else rulebook.policy.payments_of_a_card,
        "blocked_categories": [],
        "allowed_countries": None,
    }
    if not rulebook.policy.locks_at_issuer:
        return controls
    item = session.get_one(PlanItem, purchase.item_id)
    shops = excluded_shops(rulebook.exclusions, wanted_of(item, shop=None))
    countries = rulebook.policy.allowed_countries
    return controls | {
        "blocked_categories": sorted(NAMES[code] for code in shops if code in NAMES),
        "allowed_countries": sorted(countries) if countries else None,
    }


def close_card(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Approve nothing more on a purchase's card, if it has one for itself, and close it."""
    card = _card_of(purchase, session=session)
    if card is not None and card.series_id is None:
        close_with_purchase(card, session=session, trace=trace)


def stop_card(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Close the card that a purchase is paid with; the next one of its series gets another."""
    card = _card_of(purchase, session=session)
    if card is not None:
        close_with_purchase(card, session=session, trace=trace)


def close_cards_of_series(series_id: UUID, *, session: Session, trace: Trace) -> None:
    """Close a series' card. A lost one counts as closed, so that nothing comes in its place."""
    of_series = select(Card).where(Card.series_id == series_id).order_by(Card.card_id)
    # Locked first and read then: one in a lost one's place may be coming right now.
    session.execute(of_series.with_for_update())
    for card in session.scalars(of_series.execution_options(populate_existing=True)).all():
        if card.state in IN_USE:
            close(card, because=SERIES_ENDED, session=session, trace=trace)
        elif card.state is CardState.REPLACED and card.replaced_by is None:
            _become(
                card,
                CardState.CLOSED,
                because=SERIES_ENDED,
                changed_by=None,
                session=session,
                trace=trace,
            )


def close_used_card(command: CloseUsedCard, *, session: Session, trace: Trace) -> None:
    """Close the card of a purchase that was completed a while ago, once."""
    card = session.get(Card, command.card_id, with_for_update=True)
    if card is not None and card.state in IN_USE:
        because = f"Its purchase was completed {command.after_days} days ago."
        close(card, because=because, session=session, trace=trace)


def freeze_card(command: ChangeCard, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Approve nothing on a card until it is unfrozen. What shops were promised stays theirs.

    Raises:
        NoCardError, CardOverError: there is no such card, or it is not in use any more.
    """
    return _set(CardState.FROZEN, command, session=session, trace=trace)


def unfreeze_card(command: ChangeCard, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Let a frozen card pay again.

    Raises:
        NoCardError, CardOverError: there is no such card, or it is not in use any more.
    """
    return _set(CardState.ACTIVE, command, session=session, trace=trace)


def close_one_card(command: ChangeCard, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Close a card for good. Its purchase stays, with what shops were promised.

    Raises:
        NoCardError, CardOverError: there is no such card, or another took its place.
    """
    card = _locked(command.card_id, session=session)
    if card.state is not CardState.CLOSED:
        rules.check_change(card.state)
        close(
            card,
            because=command.reason,
            changed_by=command.changed_by,
            session=session,
            trace=trace,
        )
    return _answer(card)


def replace_card(command: ReplaceCard, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Approve nothing more on a lost card; its purchase gets another, if it can still be used.

    What was authorised on the old card stays held, and is captured or given back there.

    Raises:
        NoCardError, CardOverError: there is no such card, or it is not in use any more.
    """
    purchase = locked_purchase(command.card_id, session=session)
    card = _locked(command.card_id, session=session)
    if card.state is CardState.REPLACED:
        return _answer(card)
    rules.check_change(card.state)
    _become(
        card,
        CardState.REPLACED,
        because=f"{command.because.value}: {command.reason}",
        changed_by=command.changed_by,
        session=session,
        trace=trace,
    )
    cardholder = session.get_one(Cardholder, purchase.cardholder_id)
    arguments = {
        "card_id": str(card.card_id),
        "purchase_id": str(purchase.purchase_id),
        "issuer_card_id": card.issuer_card_id,
        "issuer_cardholder_id": cardholder.issuer_cardholder_id,
        "because": command.because.value,
        "is_needed": card.series_id is not None or purchase.state in OPEN,
        **_controls(purchase, session=session, trace=trace),
    }
    errands.add(session, REPLACE_CARD, arguments, trace=trace)
    return _answer(card)


def close(
    card: Card,
    *,
    because: str,
    changed_by: UUID | None = None,
    session: Session,
    trace: Trace,
) -> None:
    _become(
        card,
        CardState.CLOSED,
        because=because,
        changed_by=changed_by,
        session=session,
        trace=trace,
    )
    close_with_purchase(card, session=session, trace=trace)
    _tell(CardClosed, card, session=session, trace=trace)


def close_with_purchase(card: Card, *, session: Session, trace: Trace) -> None:
    """Close a card, and say no more of it: who ended its purchase, and why, is kept there."""
    card.state = CardState.CLOSED
    errands.add(session, CLOSE_CARD, {"issuer_card_id": card.issuer_card_id}, trace=trace)


def set_status(card: Card, *, session: Session, trace: Trace) -> None:
    """Have the issuer see a card as we do."""
    arguments = {
        "card_id": str(card.card_id),
        "issuer_card_id": card.issuer_card_id,
        "status": ISSUER_STATUS[card.state],
    }
    errands.add(session, SET_CARD_STATUS, arguments, trace=trace)


def _set(
    state: CardState, command: ChangeCard, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    card = _locked(command.card_id, session=session)
    if card.state is state:
        return _answer(card)
    rules.check_change(card.state)
    _become(
        card,
        state,
        because=command.reason,
        changed_by=command.changed_by,
        session=session,
        trace=trace,
    )
    _tell(CHANGED[state], card, session=session, trace=trace)
    set_status(card, session=session, trace=trace)
    return _answer(card)


def _become(
    card: Card,
    state: CardState,
    *,
    because: str,
    changed_by: UUID | None,
    session: Session,
    trace: Trace,
) -> None:
    """Change a card, and keep who said so and why."""
    card.state = state
    session.add(
        CardChange(
            change_id=uuid4(),
            card_id=card.card_id,
            state=state,
            changed_by=changed_by,
            because=because,
            changed_at=trace.at,
        )
    )


def _tell(event_class: Told, card: Card, *, session: Session, trace: Trace) -> None:
    event = event_class(occurred_at=trace.at, card_id=card.card_id, purchase_id=card.purchase_id)
    outbox.add(session, event, trace=trace)


def tell_replaced(card: Card, *, by: UUID, session: Session, trace: Trace) -> None:
    event = CardReplaced(
        occurred_at=trace.at,
        card_id=card.card_id,
        purchase_id=card.purchase_id,
        replaced_by=by,
    )
    outbox.add(session, event, trace=trace)


def _card_of(purchase: Purchase, *, session: Session) -> Card | None:
    session.flush()
    return session.scalar(
        select(Card).where(Card.purchase_id == purchase.purchase_id, Card.state.in_(IN_USE))
    )


def card_of_series(series_id: UUID | None, *, session: Session) -> Card | None:
    """Return the card that serves a series now, locked."""
    if series_id is None:
        return None
    return session.scalar(
        select(Card).where(Card.series_id == series_id, Card.state.in_(IN_USE)).with_for_update()
    )


def locked_purchase(card_id: UUID, *, session: Session) -> Purchase:
    """Return the purchase of a card, locked: always before the card, as everybody does.

    Raises:
        NoCardError: there is no such card.
    """
    purchase_id = session.scalar(select(Card.purchase_id).where(Card.card_id == card_id))
    if purchase_id is None:
        raise rules.NoCardError("There is no such card.", card_id=str(card_id))
    return purchases.locked(session, purchase_id)


def _locked(card_id: UUID, *, session: Session) -> Card:
    card = session.get(Card, card_id, with_for_update=True, populate_existing=True)
    if card is None:
        raise rules.NoCardError("There is no such card.", card_id=str(card_id))
    return card


def _answer(card: Card) -> Mapping[str, object]:
    return {"card_id": card.card_id, "state": card.state}
