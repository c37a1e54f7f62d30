"""Whose record a call to payments is about: how each id leads to a person."""

from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, select, union_all

from access.scope import Access
from access.ways import by, itself, through
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

_OF_BUDGET = by(Plan.budget_id, Plan.person_id)
_OF_PURCHASE = by(Purchase.purchase_id, Purchase.person_id)
_OF_BOUGHT_CARD = through(Card.card_id, Card.purchase_id, _OF_PURCHASE)


def _of_card(card_id: UUID) -> CompoundSelect[Any]:
    observed = select(ObservedCard.person_id).where(ObservedCard.card_id == card_id)
    return union_all(_OF_BOUGHT_CARD(card_id), observed)


def _of_exception(exception_id: UUID) -> Select[Any]:
    """Lead to nobody where money came of which nobody knows whose it is."""
    raised = select(Purchase.person_id).select_from(RaisedException)
    return raised.outerjoin(Purchase, Purchase.purchase_id == RaisedException.purchase_id).where(
        RaisedException.exception_id == exception_id
    )


def _of_presentment(presentment_id: UUID | str) -> Select[Any]:
    """Lead from an issuer's own id, which may look like one of ours."""
    came = select(Purchase.person_id).select_from(Presentment)
    return came.outerjoin(Purchase, Purchase.purchase_id == Presentment.purchase_id).where(
        Presentment.presentment_id == str(presentment_id)
    )


ACCESS = Access(
    service="payments",
    ways={
        "person_id": itself,
        "budget_id": _OF_BUDGET,
        "item_id": through(PlanItem.item_id, PlanItem.budget_id, _OF_BUDGET),
        "purchase_id": _OF_PURCHASE,
        "payee_id": by(Payee.payee_id, Payee.person_id),
        "series_id": through(Series.series_id, Series.budget_id, _OF_BUDGET),
        "card_id": _of_card,
        "dispute_id": through(Dispute.dispute_id, Dispute.purchase_id, _OF_PURCHASE),
        "receipt_id": through(Receipt.receipt_id, Receipt.purchase_id, _OF_PURCHASE),
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
    # A payee may be everybody's.
    about_many=frozenset(
        {
            "add_payee",
            "exceptions",
            "open_holds",
            "open_tasks",
            "payees",
            "people_at_risk",
            "refund_queue",
        }
    ),
)
