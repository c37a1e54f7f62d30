"""Noticing that a rail is down or back, and taking another one by somebody's decision."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.authorisations.claims import claims_on
from services.payments.cards import handlers as cards
from services.payments.cards.models import Card
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import PurchaseState
from services.payments.rails import rules, waiting
from services.payments.rails.commands import LookAtRail, UseSecondRail
from services.payments.rails.models import RailChange, RailState
from services.payments.rails.rules import ChangeState, Party
from services.payments.transfers import handlers as transfers
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.contracts.payments.rails import PaymentRailDegraded, PaymentRailRestored
from shared.errors import IdReusedError
from shared.messaging import errands, outbox
from shared.messaging.tables import ErrandState
from shared.trace import Trace

PROBE: Mapping[Party, str] = {Party.ISSUER: "probe_issuer", Party.BANK: "probe_bank"}
ENQUIRE_CARD = "enquire_card"
ENQUIRE_TRANSFER = "enquire_transfer"


def look_at_rail(command: LookAtRail, *, session: Session, trace: Trace) -> None:
    """Tell once that a party cannot be reached; until it is, its errands wait and it is probed."""
    session.execute(insert(RailState).values(party=command.party).on_conflict_do_nothing())
    state = session.get_one(RailState, command.party, with_for_update=True)
    if state.degraded_at is None:
        failures = waiting.failures_in_a_row(command.party, session=session)
        if failures < rules.FAILURES_IN_A_ROW:
            return
        state.outage_id, state.degraded_at = uuid4(), trace.at
        event = PaymentRailDegraded(
            occurred_at=trace.at,
            outage_id=state.outage_id,
            rail=command.party,
            failures=failures,
        )
        outbox.add(session, event, trace=trace)
        raised = RaiseException(kind=ExceptionKind.RAIL_DEGRADED, about=f"outage/{state.outage_id}")
        exceptions.raise_exception(raised, session=session, trace=trace)
    waiting.let_wait(command.party, session=session)
    errands.add(session, PROBE[command.party], {"party": command.party}, trace=trace)


def record_probe(
    answers: bool, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Let everything go on that waited, if the party answers again, and tell it once."""
    state = session.get_one(RailState, Party(arguments["party"]), with_for_update=True)
    if not answers or state.degraded_at is None or state.outage_id is None:
        return
    event = PaymentRailRestored(
        occurred_at=trace.at,
        outage_id=state.outage_id,
        rail=state.party,
        degraded_at=state.degraded_at,
    )
    outbox.add(session, event, trace=trace)
    state.degraded_at = None
    state.reached_at = session.scalar(select(func.clock_timestamp()))
    waiting.go_on(state.party, session=session)


def use_second_rail(
    command: UseSecondRail, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Have a purchase that waits paid the other way, when it is certain that nothing was paid.

    What was never sent was not paid. What may have been sent is asked about by its reference
    first: until that is answered the change waits, and nothing is paid either way.

    Raises:
        NotFoundError: no such purchase.
        SameRailError, RailChangedError, MayBePaidError: it cannot go that way.
        IdReusedError: another change was decided for it.
    """
    purchase = purchases.locked(session, command.purchase_id)
    earlier = session.get(RailChange, command.purchase_id)
    if earlier is not None:
        return _the_same(earlier, command)
    rules.check_change(
        rail=purchase.rail, to=command.rail, state=purchase.state, held_pence=purchase.held_pence
    )
    change = RailChange(
        purchase_id=command.purchase_id,
        from_rail=purchase.rail,
        to_rail=command.rail,
        decided_by=command.decided_by,
        reason=command.reason,
        decided_at=trace.at,
        state=ChangeState.ASKED,
    )
    session.add(change)
    story = purchases.in_story(trace, purchase)
    if _is_nothing_paid(purchase, session=session, trace=story):
        _change(change, purchase, session=session, trace=story)
    return _answer(change)


def record_card_enquiry(
    is_used: bool, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Go the other way if nobody used the card, which the issuer has closed meanwhile."""
    purchase, change = _asked(arguments, session=session)
    claimed = claims_on(session, purchase.purchase_id)
    _decide(
        change,
        purchase,
        is_paid=is_used or claimed.outstanding_pence + claimed.captured_pence > 0,
        session=session,
        trace=trace,
    )


def record_transfer_enquiry(
    answer: Mapping[str, Any], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Go the other way if the bank has no such order; if it has, that one counts."""
    purchase, change = _asked(arguments, session=session)
    order = answer["order"]
    if order is not None:
        found = {"reference": str(purchase.purchase_id)}
        transfers.record_order(order, found, session=session, trace=trace)
    _decide(change, purchase, is_paid=order is not None, session=session, trace=trace)


def enquiry_given_up(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Leave the failed errand to be seen: the money stays held, and nothing is paid."""


def _is_nothing_paid(purchase: Purchase, *, session: Session, trace: Trace) -> bool:
    """Whether it is certain already; otherwise the enquiry is on its way."""
    claimed = claims_on(session, purchase.purchase_id)
    if claimed.outstanding_pence + claimed.captured_pence > 0:
        raise rules.MayBePaidError("A shop has been promised this money.")
    if purchase.rail is Rail.CARD:
        return _is_no_card_used(purchase, session=session, trace=trace)
    return _is_no_transfer_sent(purchase, session=session, trace=trace)


def _is_no_card_used(purchase: Purchase, *, session: Session, trace: Trace) -> bool:
    """Whether there is no card yet: one whose id never came here, nobody has used."""
    card = session.scalar(select(Card).where(Card.purchase_id == purchase.purchase_id))
    if card is None:
        argument = {"purchase_id": str(purchase.purchase_id)}
        waiting.take_out(cards.ISSUE_CARD, argument, session=session)
        return True
    cards.close_card(purchase, session=session, trace=trace)
    arguments = {
        "purchase_id": str(purchase.purchase_id),
        "issuer_card_id": card.issuer_card_id,
    }
    errands.add(session, ENQUIRE_CARD, arguments, trace=trace)
    return False


def _is_no_transfer_sent(purchase: Purchase, *, session: Session, trace: Trace) -> bool:
    transfer = session.get(Transfer, purchase.purchase_id)
    if transfer is None:
        return True
    if transfer.state is not TransferState.ORDERED:
        raise rules.MayBePaidError("The bank has the order.", state=transfer.state)
    reference = {"reference": str(purchase.purchase_id)}
    stood = waiting.take_out(transfers.ORDER_TRANSFER, reference, session=session)
    if stood is ErrandState.WAITING:  # not tried, or certainly without effect
        session.delete(transfer)
        session.flush()
        return True
    arguments = {"purchase_id": str(purchase.purchase_id)}
    errands.add(session, ENQUIRE_TRANSFER, arguments, trace=trace)
    return False


def _asked(arguments: Mapping[str, Any], *, session: Session) -> tuple[Purchase, RailChange]:
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    return purchase, session.get_one(RailChange, purchase.purchase_id, with_for_update=True)


def _decide(
    change: RailChange, purchase: Purchase, *, is_paid: bool, session: Session, trace: Trace
) -> None:
    if change.state is not ChangeState.ASKED:
        return
    if is_paid or purchase.state not in {PurchaseState.REQUESTED, PurchaseState.READY}:
        change.state = ChangeState.REFUSED
        change.ended_at = trace.at
        return
    _change(change, purchase, session=session, trace=trace)


def _change(change: RailChange, purchase: Purchase, *, session: Session, trace: Trace) -> None:
    change.state = ChangeState.DONE
    change.ended_at = trace.at
    purchase.rail = change.to_rail
    if change.to_rail is Rail.CARD:
        # If the bank pays it all the same, that is an exception of its own.
        transfer = session.get(Transfer, purchase.purchase_id)
        if transfer is not None:
            transfer.state = TransferState.FAILED
            transfer.failure_reason = "second_rail"
        purchase.state = PurchaseState.REQUESTED
        cards.issue_card(purchase, session=session, trace=trace)
        return
    if purchase.state is PurchaseState.REQUESTED:
        purchases.make_ready(purchase, session=session, trace=trace)
    transfers.order_transfer(
        purchase,
        amount_pence=purchase.amount_pence,
        invoice_number=None,
        session=session,
        trace=trace,
    )


def _the_same(earlier: RailChange, command: UseSecondRail) -> Mapping[str, object]:
    if (earlier.to_rail, earlier.decided_by, earlier.reason) == (
        command.rail,
        command.decided_by,
        command.reason,
    ):
        return _answer(earlier)
    if earlier.state is ChangeState.ASKED:
        raise IdReusedError("Another change was decided for this purchase.")
    raise rules.RailChangedError("The rail of this purchase was changed before.")


def _answer(change: RailChange) -> Mapping[str, object]:
    return {
        "purchase_id": change.purchase_id,
        "rail": change.to_rail,
        "change": change.state,
    }
