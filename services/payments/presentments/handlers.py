"""Keeping money that moved, once; and telling the ledger what of it belongs to no purchase."""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.presentments.commands import RecordPresentment
from services.payments.presentments.models import CardMoney, Presentment
from services.payments.purchases.models import Purchase
from shared.contracts.payments.authorisations import UnmatchedMoneyChanged
from shared.messaging import outbox
from shared.trace import Trace


def keep(
    presentments: Iterable[RecordPresentment],
    purchase: Purchase | None,
    *,
    is_card_closed: bool,
    session: Session,
    trace: Trace,
) -> list[str]:
    """Keep what moved, once; returns the ids of what is new."""
    values = [
        {
            "presentment_id": one.presentment_id,
            "purchase_id": purchase.purchase_id if purchase else None,
            "issuer_card_id": one.issuer_card_id,
            "authorisation_id": one.authorisation_id,
            "is_refund": one.is_refund,
            "amount_pence": one.amount_pence,
            "is_reversal": one.is_reversal,
            "is_foreign": one.is_foreign,
            "network_id": one.network_id,
            "was_card_closed": is_card_closed,
            "heard_at": trace.at,
            "won_back_pence": 0,
        }
        for one in presentments
    ]
    if not values:
        return []
    kept = insert(Presentment).values(values).on_conflict_do_nothing()
    return list(session.scalars(kept.returning(Presentment.presentment_id)))


def tell_nobodys(issuer_card_id: str, *, session: Session, trace: Trace) -> None:
    """Count what a card has taken and given back that no purchase has, and tell a change."""
    session.flush()
    money = session.get(CardMoney, issuer_card_id, with_for_update=True)
    if money is None:
        money = CardMoney(issuer_card_id=issuer_card_id, card_id=uuid4())
        session.add(money)
    taken_pence, returned_pence = _amounts(issuer_card_id, session=session)
    if (taken_pence, returned_pence) == (money.taken_pence, money.returned_pence):
        return
    money.taken_pence = taken_pence
    money.returned_pence = returned_pence
    money.version += 1
    event = UnmatchedMoneyChanged(
        occurred_at=trace.at,
        card_id=money.card_id,
        version=money.version,
        taken_pence=taken_pence,
        returned_pence=returned_pence,
    )
    outbox.add(session, event, trace=trace)


def _amounts(issuer_card_id: str, *, session: Session) -> tuple[int, int]:
    sums = session.execute(
        select(Presentment.is_refund, func.sum(Presentment.amount_pence).label("pence"))
        .where(Presentment.issuer_card_id == issuer_card_id)
        .where(Presentment.purchase_id.is_(None), Presentment.matched_to.is_(None))
        .group_by(Presentment.is_refund)
    )
    pence = {row.is_refund: int(row.pence) for row in sums}
    return pence.get(False, 0), pence.get(True, 0)
