"""The cards of a purchase with what became of them, and which are to be closed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.cards.commands import CloseUsedCard
from services.payments.cards.models import Card, CardChange
from services.payments.cards.rules import IN_USE, CardState
from services.payments.exclusions.queries import rulebook_on
from services.payments.purchases.models import Purchase
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def cards(purchase_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return a purchase's cards, the first one first, with who changed them and why."""
    found = session.scalars(
        select(Card).where(Card.purchase_id == purchase_id).order_by(Card.issued_at, Card.card_id)
    )
    return [
        {
            "card_id": card.card_id,
            "issuer_card_id": card.issuer_card_id,
            "state": card.state,
            "issued_at": card.issued_at,
            "series_id": card.series_id,
            "replaced_by": card.replaced_by,
            "changes": _changes(card, session=session),
        }
        for card in found.all()
    ]


def _changes(card: Card, *, session: Session) -> list[Mapping[str, Any]]:
    changes = session.scalars(
        select(CardChange)
        .where(CardChange.card_id == card.card_id)
        .order_by(CardChange.changed_at, CardChange.change_id)
    )
    return [
        {
            "state": change.state,
            "changed_by": change.changed_by,
            "because": change.because,
            "changed_at": change.changed_at,
        }
        for change in changes
    ]


def is_closed_by_somebody(series_id: UUID, *, session: Session) -> bool:
    """Say whether a person has closed a card of a series, and has not only lost it."""
    closed = (
        select(CardChange.change_id)
        .join(Card, Card.card_id == CardChange.card_id)
        .where(Card.series_id == series_id, CardChange.state == CardState.CLOSED)
        .where(CardChange.changed_by.is_not(None))
        .limit(1)
    )
    return session.scalar(closed) is not None


def to_close(at: datetime, *, session: Session) -> list[CloseUsedCard]:
    """Return the cards whose purchase was completed so long ago that no refund is waited for."""
    days = rulebook_on(day_in_london(at), session=session).policy.close_after_days
    found = session.scalars(
        select(Card.card_id)
        .join(Purchase, Purchase.purchase_id == Card.purchase_id)
        .where(Card.state.in_(IN_USE), Card.series_id.is_(None))
        .where(Purchase.completed_at <= at - timedelta(days=days))
        .order_by(Purchase.completed_at, Card.card_id)
        .limit(MOST_AT_ONCE)
    )
    return [CloseUsedCard(card_id=card_id, after_days=days) for card_id in found.all()]
