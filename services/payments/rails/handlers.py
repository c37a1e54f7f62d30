"""Noticing that a rail is down or back, and taking another one by somebody's decision."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.authorisations.claims import claims_on
from services.payments.authorisations.models import Authorisation
from services.payments.cards import handlers as cards
from services.payments.cards.models import Card
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind, Resolution
from services.payments.holds import handlers as holds
from services.payments.limits.rules import see_that_two_decide
from services.payments.presentments.models import Presentment
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.rails import rules, waiting
from services.payments.rails.commands import LookAtRail, UseSecondRail
from services.payments.rails.models import RailChange, RailState
from services.payments.rails.rules import PARTY_OF, ChangeState, Party
from services.payments.rails.waiting import ENQUIRE
from services.payments.transfers import handlers as transfers
from services.payments.transfers.rules import TransferState
from shared.contracts.payments.rails import PaymentRailDegraded, PaymentRailRestored
from shared.errors import IdReusedError
from shared.messaging import errands, outbox
from shared.messaging.tables import ErrandState
from shared.trace import Trace

PROBE: Mapping[Party, str] = {Party.ISSUER: "probe_issuer", Party.BANK: "probe_bank"}


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
    first: until that is answered the change waits, and nothing is paid either way. Where nobody
    answered, the same decision again has it asked once more.

    Raises:
        NotFoundError: no such purchase.
        SameRailError, RailChangedError, MayBePaidError, HoldersChoiceError: it cannot go that way.
        SamePersonError: whoever asked for the purchase takes it from the bank's payee to a card.
        PayeeNotPayableError: the bank cannot pay its payee yet.
        IdReusedError: another change was decided for it.
    """
    purchase = purchases.locked(session, command.purchase_id)
    earlier = session.get(RailChange, command.purchase_id)
    if earlier is not None:
        answer = _the_same(earlier, command)
        ask_once_more(earlier, purchase, command, session=session, trace=trace)
        return answer
    rules.check_change(
        rail=purchase.rail,
        to=command.rail,
        state=purchase.state,
        held_pence=_free_pence(purchase),
        is_standing=purchase.is_standing,
    )
    if command.rail is Rail.CARD:
        see_that_two_decide(asked_by=purchase.requested_by, decided_by=command.decided_by)
    else:
        transfers.payee_to_pay(purchase, session=session, trace=trace)
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
    """Go the other way if the bank has no such order; if it has, that one counts.

    What the bank has not, it never gets: its errand was taken out before it was asked.
    """
    purchase, change = _asked(arguments, session=session)
    order = answer["order"]
    if order is not None:
        transfers.record_order(order, arguments, session=session, trace=trace)
    _decide(change, purchase, is_paid=order is not None, session=session, trace=trace)
    if order is None and change.state is ChangeState.REFUSED:
        transfers.end_transfer(
            UUID(arguments["reference"]),
            TransferState.FAILED,
            failure_reason=transfers.SECOND_RAIL,
            session=session,
            trace=trace,
        )


def probe_given_up(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Nothing is lost: the next look at the rail probes it again."""


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
    issued = select(Card.issuer_card_id).where(Card.purchase_id == purchase.purchase_id)
    issuer_card_ids = sorted(session.scalars(issued))  # those that were lost among them
    if not issuer_card_ids:
        argument = {"purchase_id": str(purchase.purchase_id)}
        waiting.take_out(cards.ISSUE_CARD, argument, session=session)
        return True
    cards.stop_card(purchase, session=session, trace=trace)
    arguments = {
        "purchase_id": str(purchase.purchase_id),
        "issuer_card_ids": issuer_card_ids,
        "apart_from": of_others_in_series(purchase, session=session),
    }
    errands.add(session, ENQUIRE[Party.ISSUER], arguments, trace=trace)
    return False


def _is_no_transfer_sent(purchase: Purchase, *, session: Session, trace: Trace) -> bool:
    """Whether the bank certainly has no order: one that was not tried never gets there."""
    going = transfers.going(purchase, session=session)
    if not going:
        return True
    if len(going) > 1:
        raise rules.MayBePaidError("More than one invoice is on its way.")
    (transfer,) = going
    if transfer.state is not TransferState.ORDERED:
        raise rules.MayBePaidError("The bank has the order.", state=transfer.state)
    reference = {"reference": str(transfer.transfer_id)}
    stood = waiting.take_out(transfers.ORDER_TRANSFER, reference, session=session)
    if stood is ErrandState.WAITING:  # not tried, or certainly without effect
        return True
    arguments = {"purchase_id": str(purchase.purchase_id), **reference}
    errands.add(session, ENQUIRE[Party.BANK], arguments, trace=trace)
    return False


def _asked(arguments: Mapping[str, Any], *, session: Session) -> tuple[Purchase, RailChange]:
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    return purchase, session.get_one(RailChange, purchase.purchase_id, with_for_update=True)


def _decide(
    change: RailChange, purchase: Purchase, *, is_paid: bool, session: Session, trace: Trace
) -> None:
    if change.state is not ChangeState.ASKED:
        return
    waits = rules.waits_with_money(state=purchase.state, held_pence=_free_pence(purchase))
    if is_paid or not waits:
        change.state = ChangeState.REFUSED
        change.ended_at = trace.at
        return
    _change(change, purchase, session=session, trace=trace)


def _change(change: RailChange, purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Open the other way to pay, for the money that is held; the card is closed already."""
    change.state = ChangeState.DONE
    change.ended_at = trace.at
    transfers.take_back(purchase, session=session, trace=trace)
    purchase.rail = change.to_rail
    purchase.opened_at = None
    purchases.end_tasks(purchase, "it goes another way", session=session, trace=trace)
    purchases.add_up(purchase, session=session, trace=trace)
    holds.open_way_to_pay(purchase, session=session, trace=trace)


def _free_pence(purchase: Purchase) -> int:
    """Return what is held and can still be spent: nothing once it is over or finished."""
    return min(purchase.held_pence, purchase.reserved_pence)


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


def enquiry_given_up(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Have somebody look: the money stays held, and nothing is paid until it is asked again."""
    purchase = purchases.locked(session, UUID(arguments["purchase_id"]))
    change = session.get_one(RailChange, purchase.purchase_id, with_for_update=True)
    if change.state is not ChangeState.ASKED:
        return
    command = RaiseException(
        kind=ExceptionKind.SECOND_RAIL_NOT_DECIDED,
        about=_about(change, session=session),
        purchase_id=purchase.purchase_id,
        amount_pence=purchase.held_pence,
    )
    exceptions.raise_exception(command, session=session, trace=purchases.in_story(trace, purchase))


def ask_once_more(
    change: RailChange,
    purchase: Purchase,
    command: UseSecondRail,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Ask again whether anything was paid, if that was asked in vain."""
    kind = ENQUIRE[PARTY_OF[change.from_rail]]
    in_vain = waiting.given_up(kind, purchase.purchase_id, session=session)
    is_asked = purchase.purchase_id in waiting.waits_for(kind, session=session)
    if change.state is not ChangeState.ASKED or is_asked or not in_vain:
        return
    exceptions.end_about(
        ExceptionKind.SECOND_RAIL_NOT_DECIDED,
        _about(change, session=session),
        resolution=Resolution.CORRECTED,
        resolved_by=command.decided_by,
        reason=command.reason,
        session=session,
        trace=trace,
    )
    arguments = in_vain[0].arguments
    if change.from_rail is Rail.CARD:  # others of its series may have used the card meanwhile
        arguments = {**arguments, "apart_from": of_others_in_series(purchase, session=session)}
    errands.add(session, kind, arguments, trace=purchases.in_story(trace, purchase))


def of_others_in_series(purchase: Purchase, *, session: Session) -> list[str]:
    """Return what is known on a series' card of its other purchases, by the issuer's ids."""
    others = (
        select(Purchase.purchase_id)
        .where(Purchase.series_id == purchase.series_id)
        .where(Purchase.purchase_id != purchase.purchase_id)
    )
    authorised = select(Authorisation.authorisation_id).where(Authorisation.purchase_id.in_(others))
    moved = select(Presentment.presentment_id).where(Presentment.purchase_id.in_(others))
    return sorted(session.scalars(authorised.union(moved)))


def _about(change: RailChange, *, session: Session) -> str:
    """Name the last enquiry that was given up, so that each is looked at once."""
    kind = ENQUIRE[PARTY_OF[change.from_rail]]
    in_vain = waiting.given_up(kind, change.purchase_id, session=session)
    return f"purchase/{change.purchase_id}/enquiry/{len(in_vain)}"
