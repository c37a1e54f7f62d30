"""Which purchases were not used in time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import PlanItem
from services.payments.entitlements.rules import Rail
from services.payments.exceptions.models import RaisedException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.holds.commands import LapsePurchase, OpenPurchase
from services.payments.payees import queries as register
from services.payments.payees.models import Payee
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import HOLD_MARGIN
from services.payments.purchases.states import POSSIBLE, PurchaseState, Step
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def to_lapse(at: datetime, *, session: Session) -> list[LapsePurchase]:
    """Return the purchases whose hold is about to end, and that may still buy something."""
    open_ones = (
        select(Purchase.purchase_id)
        .where(Purchase.hold_expires_at <= at + HOLD_MARGIN)
        .where(Purchase.ending.is_(None) & Purchase.finished_at.is_(None))
        .where(Purchase.state.in_(POSSIBLE[Step.LAPSE] | POSSIBLE[Step.FINISH]))
        .order_by(Purchase.hold_expires_at)
        .limit(MOST_AT_ONCE)
    )
    return [LapsePurchase(purchase_id=one) for one in session.scalars(open_ones)]


def waiting_for_payee(at: datetime, *, session: Session) -> list[OpenPurchase]:
    """Return the purchases whose payee could not be paid until now, and each is a task."""
    waiting = session.execute(
        select(Purchase.purchase_id, Purchase.person_id, PlanItem)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .join(RaisedException, RaisedException.purchase_id == Purchase.purchase_id)
        .where(RaisedException.kind == ExceptionKind.PAYEE_TO_CONFIRM)
        .where(RaisedException.resolved_at.is_(None))
        .where(Purchase.state == PurchaseState.REQUESTED)
        .where(Purchase.rail != Rail.CARD)  # whoever goes another way waits for a card
        .where(Purchase.held_pence > 0)
        .order_by(Purchase.purchase_id)
        .limit(MOST_AT_ONCE)
    )
    on = day_in_london(at)
    return [
        OpenPurchase(purchase_id=one.purchase_id)
        for one in waiting
        if isinstance(
            register.payable(one.PlanItem, person_id=one.person_id, on=on, session=session), Payee
        )
    ]
