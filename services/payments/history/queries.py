"""Everything that is kept of a holder's purchases, a section for each kind of row."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.payments.approvals.models import ApprovalDecision
from services.payments.cards.models import Card, CardChange
from services.payments.decisions.models import Decision
from services.payments.direct_payments.models import DirectPayment
from services.payments.disputes.models import Dispute
from services.payments.entitlements.models import PlanItem
from services.payments.exceptions.models import RaisedException
from services.payments.history import rules
from services.payments.history.commands import HistoryAsked
from services.payments.observed_cards.models import ObservedCard, ObservedTransaction
from services.payments.presentments.models import Presentment
from services.payments.purchases.models import Purchase
from services.payments.rails.models import RailChange
from services.payments.receipts.models import NoReceipt, Receipt, ReceiptLine
from services.payments.series.models import Occurrence, Series
from services.payments.transfers.models import Transfer
from services.payments.wages.models import Wage
from shared.contracts import documents

PURCHASES_OF_A_PAGE = 100

# Each section's rows, by what their columns are called there and in which order they stand.
_TABLES: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "approvals": (ApprovalDecision, ("decided_at", "purchase_id", "number")),
    "wages": (Wage, ("worked_from_on", "purchase_id")),
    "cards": (Card, ("issued_at", "card_id")),
    "decisions": (Decision, ("decided_at", "event_id")),
    "presentments": (Presentment, ("heard_at", "presentment_id")),
    "disputes": (Dispute, ("opened_at", "dispute_id")),
    "transfers": (Transfer, ("ordered_at", "transfer_id")),
    "receipts": (Receipt, ("attached_at", "receipt_id")),
    "no_receipts": (NoReceipt, ("said_at", "purchase_id")),
    "exceptions": (RaisedException, ("raised_at", "exception_id")),
    "rail_changes": (RailChange, ("decided_at", "purchase_id")),
}


def history(asked: HistoryAsked, *, session: Session) -> Mapping[str, Any]:
    """Return a page of a holder's history: a hundred purchases with all that belongs to them.

    The order is stable, oldest first. ``next`` is what to give as ``after`` for the next page;
    it is null on the last one. Somebody of whom nothing is known has an empty history.
    """
    found = _purchases(asked, session=session)
    page = found[:PURCHASES_OF_A_PAGE]
    purchase_ids = [row["purchase_id"] for row in page]
    # These are no purchases: all of them stand on the first page.
    payments = [] if asked.after else _direct_payments(asked.person_id, session=session)
    about = [*purchase_ids, *(row["payment_id"] for row in payments)]
    sections: dict[str, Sequence[rules.Row]] = {
        "purchases": page,
        "direct_payments": payments,
        "observed_transactions": [] if asked.after else _observed(asked.person_id, session=session),
        **{name: _rows(name, about, session=session) for name in _TABLES},
    }
    receipt_ids = [row["receipt_id"] for row in sections["receipts"]]
    sections["receipt_lines"] = _lines(receipt_ids, session=session)
    sections["card_changes"] = _card_changes(purchase_ids, session=session)
    sections["series"] = _series(purchase_ids, session=session)
    sections["timeline"] = rules.timeline_of(sections)
    return {
        "format": rules.FORMAT,
        "person_id": asked.person_id,
        "sections": {name: sections[name] for name in rules.SECTIONS},
        "next": purchase_ids[-1] if len(found) > len(page) else None,
    }


def whole_history(person_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return all pages as one, as documents have it: ids and instants are texts."""
    sections: dict[str, list[rules.Row]] = {name: [] for name in rules.SECTIONS}
    after: UUID | None = None
    while True:
        page = history(HistoryAsked(person_id=person_id, after=after), session=session)
        for name, rows in page["sections"].items():
            sections[name] += documents.plain(rows)
        after = page["next"]
        if after is None:
            break
    sections["timeline"] = list(rules.timeline_of(sections))
    return {"format": rules.FORMAT, "person_id": str(person_id), "sections": sections}


def _purchases(asked: HistoryAsked, *, session: Session) -> list[rules.Row]:
    wanted = (
        select(Purchase, PlanItem)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .where(Purchase.person_id == asked.person_id)
    )
    last = session.get(Purchase, asked.after) if asked.after else None
    if last is not None:
        place = (Purchase.requested_at, Purchase.purchase_id)
        wanted = wanted.where(_after(place, (last.requested_at, last.purchase_id)))
    ordered = wanted.order_by(Purchase.requested_at, Purchase.purchase_id)
    return [
        {
            name: getattr(row.PlanItem if name in _OF_THE_ITEM else row.Purchase, name)
            for name in rules.SECTIONS["purchases"]
        }
        for row in session.execute(ordered.limit(PURCHASES_OF_A_PAGE + 1))
    ]


_OF_THE_ITEM = frozenset({"description", "category", "payee"})


def _after(place: tuple[Any, Any], last: tuple[Any, Any]) -> Any:
    at, id_ = place
    return (at > last[0]) | ((at == last[0]) & (id_ > last[1]))


def _rows(section: str, about: Sequence[UUID], *, session: Session) -> Sequence[rules.Row]:
    table, order = _TABLES[section]
    wanted = select(table).where(table.purchase_id.in_(about))
    return _shown(section, wanted.order_by(*(getattr(table, name) for name in order)), session)


def _lines(receipt_ids: Sequence[UUID], *, session: Session) -> Sequence[rules.Row]:
    wanted = select(ReceiptLine).where(ReceiptLine.receipt_id.in_(receipt_ids))
    ordered = wanted.order_by(ReceiptLine.receipt_id, ReceiptLine.line)
    return _shown("receipt_lines", ordered, session)


def _direct_payments(person_id: UUID, *, session: Session) -> list[rules.Row]:
    found = session.execute(
        select(DirectPayment, Transfer.state, Transfer.failure_reason)
        .outerjoin(Transfer, Transfer.transfer_id == DirectPayment.payment_id)
        .where(DirectPayment.person_id == person_id)
        .order_by(DirectPayment.told_at, DirectPayment.payment_id)
    )
    return [
        {
            name: getattr(row if name in _OF_THE_TRANSFER else row.DirectPayment, name)
            for name in rules.SECTIONS["direct_payments"]
        }
        for row in found
    ]


_OF_THE_TRANSFER = frozenset({"state", "failure_reason"})


def _observed(person_id: UUID, *, session: Session) -> list[rules.Row]:
    found = session.execute(
        select(ObservedTransaction, ObservedCard)
        .join(ObservedCard, ObservedCard.card_id == ObservedTransaction.card_id)
        .where(ObservedCard.person_id == person_id)
        .order_by(ObservedTransaction.heard_at, ObservedTransaction.transaction_id)
    )
    return [
        {
            name: getattr(
                row.ObservedCard if name in _OF_THE_CARD else row.ObservedTransaction, name
            )
            for name in rules.SECTIONS["observed_transactions"]
        }
        for row in found
    ]


_OF_THE_CARD = frozenset({"budget_id", "item_id"})


def _card_changes(purchase_ids: Sequence[UUID], *, session: Session) -> Sequence[rules.Row]:
    wanted = (
        select(CardChange, Card.purchase_id)
        .join(Card, Card.card_id == CardChange.card_id)
        .where(Card.purchase_id.in_(purchase_ids))
        .order_by(CardChange.changed_at, CardChange.change_id)
    )
    return [
        {
            name: row.purchase_id if name == "purchase_id" else getattr(row.CardChange, name)
            for name in rules.SECTIONS["card_changes"]
        }
        for row in session.execute(wanted)
    ]


def _series(purchase_ids: Sequence[UUID], *, session: Session) -> Sequence[rules.Row]:
    """Return the series whose first purchase is among these: each is on one page only."""
    of_these = select(Purchase.series_id).where(Purchase.purchase_id.in_(purchase_ids))
    firsts = (
        select(Occurrence.series_id, Occurrence.purchase_id)
        .where(Occurrence.purchase_id.is_not(None), Occurrence.series_id.in_(of_these))
        .ext(distinct_on(Occurrence.series_id))
        .order_by(Occurrence.series_id, Occurrence.due_on)
        .subquery()
    )
    wanted = (
        select(Series)
        .join(firsts, firsts.c.series_id == Series.series_id)
        .where(firsts.c.purchase_id.in_(purchase_ids))
        .order_by(Series.requested_at, Series.series_id)
    )
    return _shown("series", wanted, session)


def _shown(section: str, wanted: Select[Any], session: Session) -> Sequence[rules.Row]:
    return [
        {name: getattr(row, name) for name in rules.SECTIONS[section]}
        for row in session.scalars(wanted)
    ]
