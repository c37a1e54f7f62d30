"""Whose record a call to payments is about: how each id leads to a person."""

from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, select

from access.scope import Access, by, itself
from services.payments.cards.models import Card
from services.payments.disputes.models import Dispute
from services.payments.entitlements.models import Plan, PlanItem
from services.payments.exceptions.models import RaisedException
from services.payments.observed_cards.models import ObservedCard
from services.payments.payees.models import Payee
from services.payments.presentments.models import Presentment
from services.payments.purchases.models import Purchase
from services.payments.receipts.models import Receipt
from services.payments.series.models import Series


def _of_item(item_id: UUID) -> Select[Any]:
    plan = select(Plan.person_id).join(PlanItem, PlanItem.budget_id == Plan.budget_id)
    return plan.where(PlanItem.item_id == item_id)


def _of_series(series_id: UUID) -> Select[Any]:
    plan = select(Plan.person_id).join(Series, Series.budget_id == Plan.budget_id)
    return plan.where(Series.series_id == series_id)


def _of_card(card_id: UUID) -> CompoundSelect[Any]:
    bought = select(Purchase.person_id).join(Card, Card.purchase_id == Purchase.purchase_id)
    observed = select(ObservedCard.person_id).where(ObservedCard.card_id == card_id)
    return bought.where(Card.card_id == card_id).union_all(observed)


def _of_dispute(dispute_id: UUID) -> Select[Any]:
    bought = select(Purchase.person_id).join(Dispute, Dispute.purchase_id == Purchase.purchase_id)
    return bought.where(Dispute.dispute_id == dispute_id)


def _of_receipt(receipt_id: UUID) -> Select[Any]:
    bought = select(Purchase.person_id).join(Receipt, Receipt.purchase_id == Purchase.purchase_id)
    return bought.where(Receipt.receipt_id == receipt_id)


def _of_exception(exception_id: UUID) -> Select[Any]:
    """Lead to nobody where money came of which nobody knows whose it is."""
    raised = select(Purchase.person_id).select_from(RaisedException)
    return raised.outerjoin(Purchase, Purchase.purchase_id == RaisedException.purchase_id).where(
        RaisedException.exception_id == exception_id
    )


def _of_presentment(presentment_id: str) -> Select[Any]:
    came = select(Purchase.person_id).select_from(Presentment)
    return came.outerjoin(Purchase, Purchase.purchase_id == Presentment.purchase_id).where(
        Presentment.presentment_id == presentment_id
    )


ACCESS = Access(
    service="payments",
    ways={
        "person_id": itself,
        "budget_id": by(Plan.budget_id, Plan.person_id),
        "item_id": _of_item,
        "purchase_id": by(Purchase.purchase_id, Purchase.person_id),
        "payee_id": by(Payee.payee_id, Payee.person_id),
        "series_id": _of_series,
        "card_id": _of_card,
        "dispute_id": _of_dispute,
        "receipt_id": _of_receipt,
        "exception_id": _of_exception,
        "presentment_id": _of_presentment,
    },
    about_nobody=frozenset(
        {
            "approve_exclusion",
            "card_policies",
            "confirm_card_policy",
            "confirm_spending_limit",
            "exclusions",
            "health",
            "import_settlement",
            "propose_exclusion",
            "set_card_policy",
            "set_spending_limit",
            "settlement",
            "spending_limits",
            "totals",
            "try_exclusion",
        }
    ),
    about_many=frozenset(
        {"exceptions", "open_holds", "open_tasks", "payees", "people_at_risk", "refund_queue"}
    ),
)
