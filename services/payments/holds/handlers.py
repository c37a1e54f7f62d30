"""Opening the way to pay when the money is held, and calling a purchase off."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.payments.authorisations import handlers as authorisations
from services.payments.authorisations.claims import claims_on
from services.payments.cards import handlers as cards
from services.payments.entitlements.models import PlanItem
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.holds import rules
from services.payments.holds.commands import (
    CancelPurchase,
    FinishPurchase,
    LapsePurchase,
    OpenPurchase,
)
from services.payments.holds.rules import WhyUnused
from services.payments.payees import queries as register
from services.payments.payees.rules import PayeeNotPayableError
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import is_hold_over
from services.payments.purchases.states import (
    Ending,
    Step,
    is_possible,
    see_that_it_is_possible,
)
from services.payments.transfers import handlers as transfers
from shared.contracts.payments.purchases import PurchaseCancelled
from shared.messaging import outbox
from shared.trace import Trace


def open_way_to_pay(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Let the broker buy, once the money is held and whoever had to approve has approved.

    With a card, by a transfer at once, or when the invoice comes.
    """
    is_over = purchase.ending is not None or purchase.opened_at is not None
    if is_over or purchase.held_pence == 0 or not purchase.is_agreed:
        return
    if purchase.rail is Rail.CARD:
        cards.issue_card(purchase, session=session, trace=trace)
        return
    item = session.get_one(PlanItem, purchase.item_id)
    payee = register.payable(item, person_id=purchase.person_id, on=trace.today, session=session)
    if isinstance(payee, PayeeNotPayableError):
        _wait_for_payee(purchase, session=session, trace=trace)
        return
    purchases.end_tasks(purchase, "the payee can be paid", session=session, trace=trace)
    purchases.make_ready(purchase, session=session, trace=trace)
    if purchase.rail is Rail.BACS:
        transfers.pay_at_once(purchase, payee, session=session, trace=trace)


def open_what_waits(command: OpenPurchase, *, session: Session, trace: Trace) -> None:
    """Open the way to pay of a purchase whose payee could not be paid until now."""
    purchase = purchases.locked(session, command.purchase_id)
    story = purchases.in_story(trace, purchase)
    open_way_to_pay(purchase, session=session, trace=story)


def _wait_for_payee(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Keep the money held, and have somebody see to the payee."""
    task = RaiseException(
        kind=ExceptionKind.PAYEE_TO_CONFIRM,
        about=f"purchase/{purchase.purchase_id}/payee",
        purchase_id=purchase.purchase_id,
        amount_pence=purchase.amount_pence,
    )
    exceptions.raise_exception(task, session=session, trace=trace)


def end_unused(
    purchase: Purchase,
    *,
    why: WhyUnused = rules.HOLD_EXPIRED,
    session: Session,
    trace: Trace,
) -> None:
    """End a purchase that nobody used, unless somebody has been promised to be paid.

    One that is paid in part is finished with that.
    """
    claimed = claims_on(session, purchase.purchase_id)
    if claimed.outstanding_pence > 0 or not is_possible(Step.LAPSE, purchase.state):
        return
    if purchase.captured_pence > 0:
        _finish(purchase, "its hold is over", session=session, trace=trace)
        return
    cards.close_card(purchase, session=session, trace=trace)
    is_held = purchase.held_pence > 0
    purchases.refuse(
        purchase,
        code=why.code,
        reason=why.reason,
        next_step=why.next_step,
        ending=Ending.LAPSED,
        session=session,
        trace=trace,
    )
    if not is_held:  # the ledger may be placing the hold right now
        purchases.tell_amounts(purchase, session=session, trace=trace)


def end_at_expiry(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """End a purchase whose hold is over. Of one that is used, what is promised is still paid."""
    if purchase.finished_at is None and is_possible(Step.FINISH, purchase.state):
        _finish(purchase, "its hold is over", session=session, trace=trace)
    else:
        end_unused(purchase, session=session, trace=trace)


def lapse(command: LapsePurchase, *, session: Session, trace: Trace) -> None:
    """End or finish a purchase just before the ledger lets its hold go."""
    purchase = purchases.locked(session, command.purchase_id)
    if is_hold_over(purchase.hold_expires_at, at=trace.at):
        story = purchases.in_story(trace, purchase)
        end_at_expiry(purchase, session=session, trace=story)


def finish_purchase(
    command: FinishPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Buy nothing more: what was promised is still paid, and the rest of its money is free.

    Raises:
        NotFoundError: no such purchase.
        NotPossibleNowError: nothing of it has been used yet, or it is over.
    """
    purchase = purchases.locked(session, command.purchase_id)
    if purchase.finished_at is None:
        see_that_it_is_possible(Step.FINISH, purchase.state)
        _finish(purchase, command.reason, session=session, trace=trace)
    return {"state": purchase.state}


def _finish(purchase: Purchase, why: str, *, session: Session, trace: Trace) -> None:
    purchase.finished_at = trace.at
    purchase.finished_because = why
    cards.close_card(purchase, session=session, trace=trace)
    authorisations.converge(purchase, session=session, trace=trace)


def cancel_purchase(
    command: CancelPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Call a purchase off and let its money go, also before the ledger has answered.

    Raises:
        NotFoundError: no such purchase.
        PurchaseOverError, AlreadyAuthorisedError, AlreadyOrderedError: it is too late.
    """
    purchase = purchases.locked(session, command.purchase_id)
    if purchase.ending is Ending.CANCELLED:
        return {"state": purchase.state}
    claimed = claims_on(session, purchase.purchase_id)
    rules.check_cancellation(
        state=purchase.state,
        claimed_pence=claimed.outstanding_pence + claimed.captured_pence,
        through_the_bank_pence=purchase.ordered_pence + purchase.transferred_pence,
    )
    _cancel(purchase, command.reason, session=session, trace=trace)
    return {"state": purchase.state}


def call_off(purchase: Purchase, because: str, *, session: Session, trace: Trace) -> None:
    """End what was not used; of what was, pay what is promised and let the rest go."""
    claimed = claims_on(session, purchase.purchase_id)
    if claimed.outstanding_pence > 0 or not is_possible(Step.CANCEL, purchase.state):
        _finish(purchase, because, session=session, trace=trace)
    else:
        _cancel(purchase, because, session=session, trace=trace)


def _cancel(purchase: Purchase, because: str, *, session: Session, trace: Trace) -> None:
    purchase.ending = Ending.CANCELLED
    purchase.cancelled_because = because
    purchases.let_go(purchase, session=session, trace=trace)
    purchases.end_tasks(purchase, "cancelled", session=session, trace=trace)
    cards.close_card(purchase, session=session, trace=trace)
    event = PurchaseCancelled(
        occurred_at=trace.at, purchase_id=purchase.purchase_id, budget_id=purchase.budget_id
    )
    outbox.add(session, event, trace=trace)
