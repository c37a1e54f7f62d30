"""Promising a reserve, calling it for a crisis, and letting it stand again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import AccountKind
from services.budget.agreements.models import Budget, ends_on, locked_budget
from services.budget.agreements.rules import see_that_it_goes_on
from services.budget.crisis_reserve import reserve as reserves
from services.budget.crisis_reserve import rules
from services.budget.crisis_reserve.commands import (
    ActivateCrisisReserve,
    PromiseCrisisReserve,
    StandDownCrisisReserve,
)
from services.budget.crisis_reserve.models import (
    Crisis,
    CrisisPart,
    CrisisReserve,
    CrisisReservePart,
    CrisisReserveSignature,
    CrisisReturn,
)
from services.budget.crisis_reserve.reserve import CalledPart
from services.budget.crisis_reserve.rules import (
    CrisisActiveError,
    CrisisDiffersError,
    ReserveDiffersError,
    ReserveExistsError,
    ReserveNotPromisedError,
)
from services.budget.funding import calls
from services.budget.funding import rules as funding_rules
from shared.contracts.budget.crisis_reserve import CrisisReserveActivated, CrisisReserveStoodDown
from shared.errors import NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def promise_crisis_reserve(
    command: PromiseCrisisReserve, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Write down what the funders promise for a crisis: no money, and nothing to spend yet.

    Raises:
        BudgetNotFoundError, BudgetEndedError: there is no such budget, or it has ended.
        ReserveDiffersError: ``reserve_id`` is that of another reserve.
        ReserveExistsError: the budget has one.
        FunderNotInBudgetError, NotAPartnerError, SignatureMissingError: see ``rules``.
        PeriodClosedError: the books are closed for today.
    """
    budget = locked_budget(session, command.budget_id)
    parts = {part.funder_id: part.amount_pence for part in command.parts}
    known = session.get(CrisisReserve, command.reserve_id)
    if known is None:
        see_that_it_goes_on(ends_on=ends_on(session, budget.budget_id), on=trace.today)
        if reserves.of_budget(session, budget.budget_id) is not None:
            raise ReserveExistsError("This budget has a reserve for a crisis.")
        rules.see_that_it_can_be_promised(
            parts=parts.keys(),
            signed_by=[signature.funder_id for signature in command.signatures],
            funders=bookkeeper.funders_of(session, budget.budget_id),
        )
        _promise(command, parts, session=session, trace=trace)
    elif (known.budget_id, reserves.promised(session, known.reserve_id)) != (
        command.budget_id,
        parts,
    ):
        raise ReserveDiffersError("Another reserve has this id.")
    return {"reserve_id": command.reserve_id, "promised_pence": sum(parts.values())}


def _promise(
    command: PromiseCrisisReserve, parts: dict[UUID, int], *, session: Session, trace: Trace
) -> None:
    reserve_id = command.reserve_id
    session.add(
        CrisisReserve(
            reserve_id=reserve_id,
            budget_id=command.budget_id,
            actor=trace.actor,
            promised_at=trace.at,
        )
    )
    session.flush()
    session.add_all(
        CrisisReservePart(reserve_id=reserve_id, funder_id=funder_id, amount_pence=pence)
        for funder_id, pence in parts.items()
    )
    session.add_all(
        CrisisReserveSignature(reserve_id=reserve_id, **asdict(signature))
        for signature in command.signatures
    )
    for kind in (AccountKind.RESERVE, AccountKind.RESERVE_PROMISED):
        bookkeeper.open_account(session, kind, budget_ids=[command.budget_id])
    booking = bookkeeper.todays_booking(
        command.budget_id,
        kind=JournalKind.RESERVE,
        source_id=reserve_id,
        reason="The funders promised a reserve for a crisis.",
        entries=rules.promised_entries(parts),
        trace=trace,
    )
    bookkeeper.book(session, booking)


def activate_crisis_reserve(
    command: ActivateCrisisReserve, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Call the reserve for a crisis, once, and let it be used before it is paid in.

    Each funder is called for its part and has committed by its promise: the host advances what is
    spent until it is paid. It is available at once, whatever schedule the funder's money has.

    Raises:
        BudgetNotFoundError, BudgetEndedError: there is no such budget, or it has ended.
        ReserveNotPromisedError, ReserveUsedUpError: there is nothing to call.
        CrisisDiffersError: ``crisis_id`` is that of another crisis.
        CrisisActiveError: the reserve is usable for another one.
        PeriodClosedError: the books are closed for today.
    """
    budget = locked_budget(session, command.budget_id)
    reserve = reserves.of_budget(session, budget.budget_id)
    if reserve is None:
        raise ReserveNotPromisedError("No reserve for a crisis is promised for this budget.")
    crisis = session.get(Crisis, command.crisis_id)
    if crisis is None:
        see_that_it_goes_on(ends_on=ends_on(session, budget.budget_id), on=trace.today)
        if reserves.active(session, reserve.reserve_id) is not None:
            raise CrisisActiveError("The reserve is usable for another crisis.")
        crisis = _activate(command, budget, reserve, session=session, trace=trace)
    elif (crisis.reserve_id, crisis.cap_pence) != (reserve.reserve_id, command.cap_pence):
        raise CrisisDiffersError("Another crisis has this id.")
    return {"crisis_id": crisis.crisis_id, "usable_pence": crisis.usable_pence}


def _activate(
    command: ActivateCrisisReserve,
    budget: Budget,
    reserve: CrisisReserve,
    *,
    session: Session,
    trace: Trace,
) -> Crisis:
    stands = reserves.standing(session, reserve.reserve_id)
    parts = rules.usable(cap_pence=command.cap_pence, standing=stands)
    crisis = Crisis(
        crisis_id=command.crisis_id,
        reserve_id=reserve.reserve_id,
        cap_pence=command.cap_pence,
        usable_pence=sum(parts.values()),
        actor=trace.actor,
        activated_at=trace.at,
    )
    session.add(crisis)
    promises = _call(crisis, budget, parts, session=session, trace=trace)
    booking = bookkeeper.todays_booking(
        budget.budget_id,
        kind=JournalKind.RESERVE,
        source_id=crisis.crisis_id,
        reason="The reserve was called for a crisis.",
        entries=rules.called_entries(parts),
        trace=trace,
    )
    bookkeeper.book(session, booking, *promises)
    event = CrisisReserveActivated(
        occurred_at=trace.at,
        crisis_id=crisis.crisis_id,
        budget_id=budget.budget_id,
        person_id=budget.person_id,
        usable_pence=crisis.usable_pence,
    )
    outbox.add(session, event, trace=trace)
    return crisis


def _call(
    crisis: Crisis, budget: Budget, parts: Mapping[UUID, int], *, session: Session, trace: Trace
) -> list[Booking]:
    """Call each funder for its part, which it has committed; return the bookings of that."""
    called = [
        calls.call(budget, funder_id, pence, is_for_crisis=True, session=session, trace=trace)
        for funder_id, pence in parts.items()
    ]
    session.flush()
    session.add_all(
        CrisisPart(
            crisis_id=crisis.crisis_id,
            funder_id=contribution.funder_id,
            contribution_id=contribution.contribution_id,
            amount_pence=contribution.amount_pence,
        )
        for contribution in called
    )
    return [
        calls.commit(one, into=AccountKind.AVAILABLE, session=session, trace=trace)
        for one in called
    ]


def stand_down_crisis_reserve(
    command: StandDownCrisisReserve, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Let what was not used of a reserve stand again, once. What is held stays for its purchase.

    Raises:
        BudgetNotFoundError: there is no such budget.
        NotKnownYetError: the crisis has not been activated here; it may be on its way.
        CrisisDiffersError: the crisis is one of another budget.
        PeriodClosedError: the books are closed for today.
    """
    budget = locked_budget(session, command.budget_id)
    crisis = session.get(Crisis, command.crisis_id, populate_existing=True)
    if crisis is None:
        raise NotKnownYetError("No such crisis is known here yet.")
    if session.get_one(CrisisReserve, crisis.reserve_id).budget_id != budget.budget_id:
        raise CrisisDiffersError("This crisis is one of another budget.")
    return _stand_down(crisis, budget, session=session, trace=trace)


def stand_down_if_active(budget: Budget, *, session: Session, trace: Trace) -> None:
    """Stand down the crisis of a budget that has ended. The caller holds the budget's lock."""
    reserve = reserves.of_budget(session, budget.budget_id)
    crisis = reserves.active(session, reserve.reserve_id) if reserve else None
    if crisis is not None:
        _stand_down(crisis, budget, session=session, trace=trace)


def _stand_down(
    crisis: Crisis, budget: Budget, *, session: Session, trace: Trace
) -> dict[str, Any]:
    parts = reserves.called_parts(session, crisis, budget.budget_id)
    returned_pence = sum(part.returned.pence for part in parts)
    used_pence = crisis.usable_pence - returned_pence
    if crisis.stood_down_at is None:
        _give_back(crisis, budget, parts, session=session, trace=trace)
        event = CrisisReserveStoodDown(
            occurred_at=trace.at,
            crisis_id=crisis.crisis_id,
            budget_id=budget.budget_id,
            person_id=budget.person_id,
            usable_pence=crisis.usable_pence,
            used_pence=used_pence,
            returned_pence=returned_pence,
        )
        outbox.add(session, event, trace=trace)
    return {
        "crisis_id": crisis.crisis_id,
        "used_pence": used_pence,
        "returned_pence": returned_pence,
    }


def _give_back(
    crisis: Crisis,
    budget: Budget,
    parts: Sequence[CalledPart],
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Book and write down what was not used: owed no more, or paid back, and promised again."""
    crisis.stood_down_at = trace.at
    session.add_all(
        CrisisReturn(crisis_id=crisis.crisis_id, **asdict(part.returned)) for part in parts
    )
    bookings = [
        bookkeeper.todays_booking(
            budget.budget_id,
            kind=JournalKind.RESERVE,
            source_id=crisis.crisis_id,
            reason="The crisis is over: what was not used of the reserve stands again.",
            entries=rules.stood_down_entries(part.returned for part in parts),
            trace=trace,
        )
    ]
    for part in parts:
        contribution, less_pence = part.contribution, part.returned.unpromised_pence
        calls.lower(contribution, less_pence, trace=trace)
        bookings.append(
            bookkeeper.todays_booking(
                budget.budget_id,
                kind=JournalKind.PROMISE,
                source_id=contribution.contribution_id,
                reason="The crisis is over: what was not used of the promise is owed no more.",
                entries=funding_rules.unpromise_entries(part.funder_id, amount_pence=less_pence),
                trace=trace,
            )
        )
    bookkeeper.book(session, *bookings)
