"""What payments says, and the ledger's answers to it."""

from sqlalchemy.orm import Session

from services.budget.holds import handlers
from services.budget.holds.commands import Converge, PlaceHold
from services.budget.holds.models import RefusedHold
from shared.contracts.budget.holds import HoldRefused
from shared.contracts.payments.purchases import PurchaseAmountsChanged, PurchaseRequested
from shared.errors import IdReusedError, NotKnownYetError, Refusal
from shared.messaging import outbox
from shared.trace import Trace


class SpentWithoutHoldError(Exception):
    """A fault: there are no portions to book what moved under. Somebody has to look."""


def answer_purchase(event: PurchaseRequested, *, session: Session, trace: Trace) -> None:
    """Answer a purchase with a hold or with a refusal: both are facts that payments waits for.

    Raises:
        NotKnownYetError: the budget has not arrived here.
        IdReusedError: the purchase has a hold for something else. That hold stays as it is:
            to call it refused would lose what is spent under it.
    """
    command = PlaceHold(
        purchase_id=event.purchase_id,
        budget_id=event.budget_id,
        item_id=event.item_id,
        amount_pence=event.amount_pence,
        tolerance_pence=event.tolerance_pence,
    )
    if session.get(RefusedHold, event.purchase_id) is not None:
        return
    try:
        handlers.place_hold(command, session=session, trace=trace)
    except (NotKnownYetError, IdReusedError):
        raise
    except Refusal as refusal:
        session.add(RefusedHold(purchase_id=event.purchase_id, code=refusal.code))
        outbox.add(session, _hold_refused(event, refusal, trace=trace), trace=trace)


def converge(event: PurchaseAmountsChanged, *, session: Session, trace: Trace) -> None:
    """Post the difference to what a purchase reserves and has cost.

    Raises:
        NotKnownYetError: the purchase has not been answered yet.
        SpentWithoutHoldError: it was refused, and money was spent, or came back, all the same.
    """
    command = Converge(
        purchase_id=event.purchase_id,
        version=event.version,
        held_pence=event.held_pence,
        posted_pence=event.posted_pence,
        unmatched_pence=event.unmatched_pence,
    )
    try:
        handlers.converge(command, session=session, trace=trace)
    except NotKnownYetError:
        if session.get(RefusedHold, event.purchase_id) is None:
            raise
        if event.posted_pence or event.unmatched_pence:
            raise SpentWithoutHoldError("Money moved on a purchase with no hold.") from None


def _hold_refused(event: PurchaseRequested, refusal: Refusal, *, trace: Trace) -> HoldRefused:
    return HoldRefused(
        occurred_at=trace.at,
        purchase_id=event.purchase_id,
        budget_id=event.budget_id,
        code=refusal.code,
        reason=refusal.message,
        next_step=refusal.next_step,
    )
