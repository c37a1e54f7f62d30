"""The ledger's answers. Each carries a version, and may come late, twice or out of order.

What is said of the hold and what is said of the cost have a version each here: one answer of
the ledger tells of the one, another of the other.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from services.payments.holds import handlers
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.receipts import handlers as receipts
from services.payments.settlement import handlers as settlement
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
    if purchase.ending is not None or purchase.opened_at is not None:
        return
    purchase.held_pence = event.held_pence
    # Of the tolerance the ledger holds what neither other items nor other purchases need.
    purchase.tolerance_pence = min(
        purchase.tolerance_pence, max(0, event.held_pence - purchase.amount_pence)
    )
    # It is less if it was amended before the ledger's answer came.
    purchases.add_up(purchase, session=session, trace=trace)
    handlers.open_way_to_pay(purchase, session=session, trace=trace)


def hold_refused(event: HoldRefused, *, session: Session, trace: Trace) -> None:
    """End the purchase with the ledger's reason."""
    purchase = _purchase(event.purchase_id, session=session)
    if purchase.ending is None and purchase.opened_at is None:
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
        _follow(purchase, session=session, trace=trace)


def hold_expired(event: HoldExpired, *, session: Session, trace: Trace) -> None:
    purchase = _purchase(event.purchase_id, session=session)
    if event.version > purchase.hold_version:
        _keep_available(purchase, event)
        purchase.hold_version = event.version
        handlers.end_at_expiry(purchase, session=session, trace=trace)


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
    _follow(purchase, session=session, trace=trace)


def _follow(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Let whatever depends on what the ledger has booked follow it.

    What the bank paid is in no settlement file, and a card's file may have come before the ledger's
    answer: with that all sides are known.
    """
    purchases.settle(purchase, session=session, trace=trace)
    receipts.judge(purchase, session=session, trace=trace)
    settlement.reconcile(purchase, session=session, trace=trace)


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
