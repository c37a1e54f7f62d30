"""The ledger's answers. Each carries a version, and may come late, twice or out of order.

What is said of the hold and what is said of the cost have a version each here: one answer of
the ledger tells of the one, another of the other.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from services.payments.holds import handlers
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import PurchaseState
from services.payments.receipts import handlers as receipts
from shared.contracts.budget.holds import (
    HoldCaptured,
    HoldExpired,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
    RefundPosted,
)
from shared.errors import NotFoundError, NotKnownYetError
from shared.trace import Trace


def hold_placed(event: HoldPlaced, *, session: Session, trace: Trace) -> None:
    """Open the way to pay, unless the purchase was cancelled meanwhile."""
    purchase = _purchase(event.purchase_id, session=session)
    if event.version <= purchase.hold_version:
        return
    _keep_available(purchase, event)
    purchase.hold_version = event.version
    purchase.hold_expires_at = event.expires_at
    if purchase.state is PurchaseState.REQUESTED:
        purchase.held_pence = event.held_pence
        handlers.open_way_to_pay(purchase, session=session, trace=trace)


def hold_refused(event: HoldRefused, *, session: Session, trace: Trace) -> None:
    """End the purchase with the ledger's reason."""
    purchase = _purchase(event.purchase_id, session=session)
    if purchase.state is PurchaseState.REQUESTED:
        purchases.refuse(
            purchase,
            code=event.code,
            reason=event.reason,
            next_step=event.next_step,
            session=session,
            trace=trace,
        )


def hold_released(event: HoldReleased, *, session: Session, trace: Trace) -> None:
    purchase = _purchase(event.purchase_id, session=session)
    if event.version > purchase.hold_version:
        _keep_available(purchase, event)
        purchase.hold_version = event.version
        purchases.settle(purchase, session=session, trace=trace)
        receipts.judge(purchase, session=session, trace=trace)


def hold_expired(event: HoldExpired, *, session: Session, trace: Trace) -> None:
    purchase = _purchase(event.purchase_id, session=session)
    if event.version > purchase.hold_version:
        _keep_available(purchase, event)
        purchase.hold_version = event.version
        handlers.end_unused(purchase, session=session, trace=trace)


def hold_captured(event: HoldCaptured, *, session: Session, trace: Trace) -> None:
    _booked(event, session=session, trace=trace)


def refund_posted(event: RefundPosted, *, session: Session, trace: Trace) -> None:
    _booked(event, session=session, trace=trace)


def _booked(event: HoldCaptured | RefundPosted, *, session: Session, trace: Trace) -> None:
    """Keep what the ledger has booked for a purchase, and settle if that is what we said."""
    purchase = _purchase(event.purchase_id, session=session)
    if event.version <= purchase.ledger_posted_version:
        return
    _keep_available(purchase, event)
    purchase.ledger_posted_version = event.version
    purchase.ledger_posted_pence = event.posted_pence
    purchases.settle(purchase, session=session, trace=trace)
    receipts.judge(purchase, session=session, trace=trace)


def _keep_available(
    purchase: Purchase,
    event: HoldPlaced | HoldReleased | HoldExpired | HoldCaptured | RefundPosted,
) -> None:
    """Keep what is left in the budget, as the newest of the ledger's answers says."""
    if event.version > max(purchase.hold_version, purchase.ledger_posted_version):
        purchase.available_pence = event.available_pence


def _purchase(purchase_id: UUID, *, session: Session) -> Purchase:
    """Return the purchase, locked; a message about one that we lack waits."""
    try:
        return purchases.locked(session, purchase_id)
    except NotFoundError as error:
        raise NotKnownYetError("This purchase is not known here yet.") from error
