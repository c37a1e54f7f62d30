"""Opening the way to pay when the money is held, and calling a purchase off."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.payments.authorisations.claims import claims_on
from services.payments.cards import handlers as cards
from services.payments.entitlements.rules import Rail
from services.payments.holds import rules
from services.payments.holds.commands import CancelPurchase
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import OPEN, PurchaseState
from services.payments.transfers import handlers as transfers
from services.payments.transfers.models import Transfer
from shared.contracts.payments.purchases import PurchaseCancelled
from shared.messaging import outbox
from shared.trace import Trace


def open_way_to_pay(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Let the broker buy: with a card, by a transfer at once, or when the invoice comes."""
    if purchase.rail is Rail.CARD:
        cards.issue_card(purchase, session=session, trace=trace)
        return
    purchases.make_ready(purchase, session=session, trace=trace)
    if purchase.rail is Rail.BACS:
        transfers.order_transfer(
            purchase,
            amount_pence=purchase.amount_pence,
            invoice_number=None,
            session=session,
            trace=trace,
        )


def end_unused(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """End a purchase whose hold is over, unless somebody has been paid or promised to be."""
    claimed = claims_on(session, purchase.purchase_id)
    is_used = claimed.outstanding_pence + claimed.captured_pence > 0
    if purchase.state not in OPEN or is_used:
        return
    if session.get(Transfer, purchase.purchase_id) is not None:
        return
    cards.close_card(purchase, session=session, trace=trace)
    purchases.refuse(
        purchase,
        code="hold_expired",
        reason="The money was set aside for as long as it can be, and was not used.",
        next_step="Ask for the purchase again if it is still wanted.",
        session=session,
        trace=trace,
    )


def cancel_purchase(
    command: CancelPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Call a purchase off and let its money go, also before the ledger has answered.

    Raises:
        NotFoundError: no such purchase.
        PurchaseOverError, AlreadyAuthorisedError, AlreadyOrderedError: it is too late.
    """
    purchase = purchases.locked(session, command.purchase_id)
    if purchase.state is PurchaseState.CANCELLED:
        return {"state": purchase.state}
    claimed = claims_on(session, purchase.purchase_id)
    rules.check_cancellation(
        state=purchase.state,
        claimed_pence=claimed.outstanding_pence + claimed.captured_pence,
        is_transfer_ordered=session.get(Transfer, purchase.purchase_id) is not None,
    )
    purchase.state = PurchaseState.CANCELLED
    purchase.cancelled_because = command.reason
    purchase.held_pence = 0
    # Told even if nothing is held here yet: the ledger may be placing the hold right now.
    purchases.tell_amounts(purchase, session=session, trace=trace)
    cards.close_card(purchase, session=session, trace=trace)
    event = PurchaseCancelled(
        occurred_at=trace.at, purchase_id=purchase.purchase_id, budget_id=purchase.budget_id
    )
    outbox.add(session, event, trace=trace)
    return {"state": purchase.state}
