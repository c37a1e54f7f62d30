"""Registering a card of somebody else's, and keeping what is told of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.cards.models import Card
from services.payments.entitlements.models import Plan, PlanItem
from services.payments.observed_cards import rules
from services.payments.observed_cards.commands import RegisterObservedCard
from services.payments.observed_cards.models import ObservedCard, ObservedTransaction
from services.payments.presentments import handlers as presentments
from services.payments.presentments.commands import RecordPresentment
from services.payments.presentments.models import Presentment
from services.payments.purchases.rules import ItemNotInPlanError
from services.payments.requesting.handlers import see_that_a_broker_asks
from shared.errors import IdReusedError, NotKnownYetError
from shared.trace import Trace


def register_observed_card(
    command: RegisterObservedCard, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Look on a card from now on, once for each ``card_id``.

    What was told of it before, and stood in the books as money of nobody, stands there no longer.

    Raises:
        NotKnownYetError: the plan or the care team has not arrived here.
        ItemNotInPlanError: the plan has no such item.
        NotOnCareTeamError: only the person's own broker registers it.
        CardKnownError: the card was issued here, or has another id.
        IdReusedError: ``card_id`` was used for another card.
    """
    earlier = session.get(ObservedCard, command.card_id)
    if earlier is not None:
        if any(getattr(earlier, name) != value for name, value in asdict(command).items()):
            raise IdReusedError("Another card has this id.")
        return {"card_id": earlier.card_id}
    plan = session.get(Plan, command.budget_id)
    if plan is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    item = session.get(PlanItem, command.item_id)
    if item is None or item.budget_id != plan.budget_id:
        raise ItemNotInPlanError("This budget's plan has no such item.")
    see_that_a_broker_asks(command.registered_by, plan.person_id, session=session)
    rules.check_card(
        is_ours=_is_there(Card, command.issuer_card_id, session=session),
        is_observed=_is_there(ObservedCard, command.issuer_card_id, session=session),
    )
    card = ObservedCard(**asdict(command), person_id=plan.person_id, registered_at=trace.at)
    session.add(card)
    session.flush()
    _take_over(card, session=session, trace=trace)
    return {"card_id": card.card_id}


def keep_observed(
    issuer_card_id: str, said: Iterable[RecordPresentment], *, session: Session, trace: Trace
) -> bool:
    """Keep what moved on a card that is looked on, once each. False: nobody looks on this card."""
    wanted = select(ObservedCard.card_id).where(ObservedCard.issuer_card_id == issuer_card_id)
    card_id = session.scalar(wanted)
    if card_id is None:
        return False
    rows = [
        {
            "transaction_id": one.presentment_id,
            "card_id": card_id,
            "is_refund": one.is_refund,
            "amount_pence": one.amount_pence,
            "heard_at": trace.at,
        }
        for one in said
    ]
    _keep(rows, session=session)
    return True


def _take_over(card: ObservedCard, *, session: Session, trace: Trace) -> None:
    """Take what moved on the card before it was known out of the money of nobody."""
    moved = session.execute(
        delete(Presentment)
        .where(Presentment.issuer_card_id == card.issuer_card_id)
        .where(Presentment.purchase_id.is_(None), Presentment.matched_to.is_(None))
        .returning(
            Presentment.presentment_id.label("transaction_id"),
            Presentment.is_refund,
            Presentment.amount_pence,
            Presentment.heard_at,
        )
    )
    rows = [{"card_id": card.card_id, **one} for one in moved.mappings()]
    if rows:
        _keep(rows, session=session)
        presentments.tell_nobodys(card.issuer_card_id, session=session, trace=trace)


def _keep(rows: Sequence[Mapping[str, Any]], *, session: Session) -> None:
    if rows:
        session.execute(insert(ObservedTransaction).values(rows).on_conflict_do_nothing())


def _is_there(
    table: type[Card] | type[ObservedCard], issuer_card_id: str, *, session: Session
) -> bool:
    wanted = select(table.card_id).where(table.issuer_card_id == issuer_card_id)
    return session.scalar(wanted) is not None
