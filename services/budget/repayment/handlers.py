"""A repayment, step by step: each under the budget's lock, with who took it, when and why."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Book
from services.budget.accounts.models import JournalKind
from services.budget.agreements.models import (
    Budget,
    EndReason,
    is_death_taken_back,
    locked_budget,
)
from services.budget.allocations import streams
from services.budget.funding import calls
from services.budget.repayment import register, rules
from services.budget.repayment.commands import (
    DecideReconsideration,
    NotifyRepayment,
    ProposeRepayment,
    RequestReconsideration,
    TakeStep,
)
from services.budget.repayment.models import Repayment
from services.budget.repayment.register import OnItsWay, Standings
from services.budget.repayment.rules import (
    Addressee,
    NothingToRepayError,
    Outcome,
    RepaymentOpenError,
    RepaymentState,
)
from services.budget.surplus import standing as ledger
from services.budget.surplus.rules import (
    ExceedsSurplusError,
    Line,
    as_it_can_be_posted,
    reduced,
    repayment_entries,
    surplus_line,
    to_release_pence,
    total_pence,
)
from shared.contracts.budget.repayments import (
    RepaymentNotified,
    RepaymentPosted,
    RepaymentReconsidered,
    RepaymentWithdrawn,
)
from shared.trace import Trace

Answer = dict[str, Any]


def propose_repayment(command: ProposeRepayment, *, session: Session, trace: Trace) -> Answer:
    """Propose that what is left over goes back, each funder's to that funder.

    Raises:
        BudgetNotFoundError: there is no such budget.
        RepaymentDiffersError: another one was proposed under this id.
        RepaymentOpenError: another one is on its way.
        GroundNotSoError: the budget has not ended, or not because the person died.
        NothingToRepayError, ExceedsSurplusError: there is not so much left over.
    """
    budget = locked_budget(session, command.budget_id)
    known = session.get(Repayment, command.repayment_id)
    if known is not None:
        register.see_that_it_is_the_same(known, command)
        return register.told(known, register.lines_of(session, known.repayment_id))
    if register.open_one(session, budget.budget_id) is not None:
        raise RepaymentOpenError("Another repayment of this budget is on its way.")
    return _propose(command, budget, session=session, trace=trace)


def _propose(
    command: ProposeRepayment, budget: Budget, *, session: Session, trace: Trace
) -> Answer:
    today = trace.today
    ending = ledger.ending_of(session, budget.budget_id, on=today)
    has_died = (
        ending is not None
        and ending.reason is EndReason.DIED
        and not is_death_taken_back(session, budget)
    )
    rules.see_that_ground_fits(command.ground, has_ended=ending is not None, has_died=has_died)
    standings = ledger.standings(session, budget.budget_id, terms=command.terms, on=today)
    lines = _asked(command, [surplus_line(standing) for standing in standings.values()])
    repayment = register.new(command, Addressee.REPRESENTATIVE if has_died else command.addressee)
    session.add(repayment)
    session.flush()
    register.keep_lines(session, repayment.repayment_id, lines, standings=standings)
    proposed = register.on_its_way(repayment, budget, session=session, trace=trace)
    proposed.take(RepaymentState.PROPOSED, command.reason)
    return proposed.told()


def notify_repayment(command: NotifyRepayment, *, session: Session, trace: Trace) -> Answer:
    """Give written notice, with reasons, amount, time, manner, and who must pay.

    After SI 2013/1617, reg. 15(2) and (3).

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
        NoticeTooShortError: less than two weeks, or payable before they are over.
        a refusal of ``see_that_it_can_become``: it is not only proposed.
    """
    way = register.locked(command, session=session, trace=trace)
    rules.see_that_it_can_become(way.repayment.state, RepaymentState.NOTIFIED)
    ends_on = rules.notice_ends_on(notified_on=trace.today, notice_weeks=command.notice_weeks)
    payable_on = rules.payable_on(command.payable_on, notice_ends_on=ends_on)
    way.repayment.notice_ends_on, way.repayment.payable_on = ends_on, payable_on
    way.repayment.paid_by, way.repayment.manner = command.paid_by, command.manner
    way.take(RepaymentState.NOTIFIED, command.reason)
    way.tell(
        RepaymentNotified,
        addressee=way.repayment.addressee,
        ground=way.repayment.ground,
        reason=command.reason,
        notice_ends_on=ends_on,
        payable_on=payable_on,
        paid_by=command.paid_by,
        manner=command.manner,
        **_amounts(way.lines),
    )
    return way.told()


def request_reconsideration(
    command: RequestReconsideration, *, session: Session, trace: Trace
) -> Answer:
    """Record that the person, or whoever acts for them, wants it reconsidered: their right.

    It is asked for once, after the notice and before the repayment is confirmed (SI 2013/1617,
    reg. 15(4)); until it is decided nothing goes on.

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
        a refusal of ``see_that_it_can_become``: there is no notice, or it was decided before.
    """
    way = register.locked(command, session=session, trace=trace)
    rules.see_that_it_can_become(way.repayment.state, RepaymentState.RECONSIDERING)
    way.take(RepaymentState.RECONSIDERING, command.reason, asked_by=command.asked_by)
    return way.told()


def decide_reconsideration(
    command: DecideReconsideration, *, session: Session, trace: Trace
) -> Answer:
    """Uphold, reduce or withdraw what was reconsidered, and tell the reasons in writing.

    After SI 2013/1617, reg. 15(5).

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
        NotReducedError: it is to be reduced to no less.
        SamePersonError: they proposed it themselves.
        a refusal of ``see_that_it_can_become``: nobody has asked for it.
    """
    way = register.locked(command, session=session, trace=trace)
    rules.see_that_it_can_become(way.repayment.state, RepaymentState.DECIDED)
    rules.see_that_two_decide(proposed_by=way.repayment.proposed_by, decided_by=command.decided_by)
    if command.amount_pence is not None:
        way.lines = reduced(way.lines, amount_pence=command.amount_pence)
        register.lower_lines(session, way.repayment.repayment_id, way.lines)
    is_withdrawn = command.outcome is Outcome.WITHDRAWN
    way.take(RepaymentState.WITHDRAWN if is_withdrawn else RepaymentState.DECIDED, command.reason)
    way.tell(
        RepaymentReconsidered,
        addressee=way.repayment.addressee,
        outcome=command.outcome,
        reason=command.reason,
        amount_pence=0 if is_withdrawn else total_pence(way.lines),
    )
    return way.told()


def confirm_repayment(command: TakeStep, *, session: Session, trace: Trace) -> Answer:
    """Confirm a repayment whose notice is over, and which nobody is reconsidering.

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
        NoticeNotExpiredError: the notice is not over.
        a refusal of ``see_that_it_can_become``: it is being reconsidered, or has no notice.
    """
    way = register.locked(command, session=session, trace=trace)
    rules.see_that_it_can_become(way.repayment.state, RepaymentState.CONFIRMED)
    rules.see_that_notice_is_over(ends_on=way.repayment.notice_ends_on, today=trace.today)
    way.take(RepaymentState.CONFIRMED, command.reason)
    return way.told()


def withdraw_repayment(command: TakeStep, *, session: Session, trace: Trace) -> Answer:
    """Give a repayment up before it is posted.

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
        AlreadyPostedError, AlreadyWithdrawnError: it is over.
    """
    way = register.locked(command, session=session, trace=trace)
    withdraw(way, command.reason)
    return way.told()


def withdraw(way: OnItsWay, reason: str) -> None:
    """Give a repayment up, and tell whoever had notice of it.

    Raises:
        AlreadyPostedError, AlreadyWithdrawnError: it is over.
    """
    rules.see_that_it_can_become(way.repayment.state, RepaymentState.WITHDRAWN)
    way.take(RepaymentState.WITHDRAWN, reason)
    if way.repayment.notice_ends_on is not None:
        way.tell(RepaymentWithdrawn, addressee=way.repayment.addressee, reason=reason)


def post_repayment(command: TakeStep, *, session: Session, trace: Trace) -> Answer:
    """Book a confirmed repayment, once, out of each funder's book and no other.

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
        ExceedsSurplusError: some of it was spent meanwhile: that is never taken.
        PeriodClosedError: the books are closed for the day.
        a refusal of ``see_that_it_can_become``: it is not confirmed.
    """
    way = register.locked(command, session=session, trace=trace)
    if way.repayment.state is RepaymentState.POSTED:
        return way.told()
    rules.see_that_it_can_become(way.repayment.state, RepaymentState.POSTED)
    terms = register.terms_of(way.repayment)
    standings = ledger.standings(session, way.budget.budget_id, terms=terms, on=trace.today)
    way.lines = [as_it_can_be_posted(line, standings[line.funder_id]) for line in way.lines]
    _book(way, standings)
    way.take(RepaymentState.POSTED, command.reason)
    free_pence = sum(one.available_pence - one.held_pence for one in standings.values())
    released_pence = sum(to_release_pence(one, standings[one.funder_id]) for one in way.lines)
    way.tell(
        RepaymentPosted,
        available_pence=free_pence + released_pence - total_pence(way.lines),
        **_amounts(way.lines),
    )
    return way.told()


def _book(way: OnItsWay, standings: Standings) -> None:
    """Write a repayment's journal, and ask the person for so much less where they still owe."""
    budget, session = way.budget, way.session
    register.keep_lines(session, way.repayment.repayment_id, way.lines, standings=standings)
    # A budget's books may be older than the account that it goes to.
    books = [Book(funder_id=one, kind=standings[one].funder_kind) for one in standings]
    bookkeeper.open_books(session, budget_id=budget.budget_id, books=books)
    booking = bookkeeper.todays_booking(
        budget.budget_id,
        kind=JournalKind.REPAYMENT,
        source_id=way.repayment.repayment_id,
        reason="Money that was left over went back to whose it was.",
        metadata={"ground": way.repayment.ground},
        entries=repayment_entries(way.lines, person_id=budget.person_id),
        trace=way.trace,
    )
    released = streams.release(
        session,
        budget.budget_id,
        {line.funder_id: to_release_pence(line, standings[line.funder_id]) for line in way.lines},
        reason="Money that was not allocated goes back: it was left over.",
        trace=way.trace,
    )
    bookkeeper.book(session, released, booking)
    lowered_pence = sum(line.charge_lowered_pence for line in way.lines)
    calls.lower_the_persons(budget, lowered_pence, session=session, trace=way.trace)


def _amounts(lines: Sequence[Line]) -> dict[str, int]:
    return {
        "amount_pence": total_pence(lines),
        "to_person_pence": sum(line.to_person_pence for line in lines),
        "charge_lowered_pence": sum(line.charge_lowered_pence for line in lines),
    }


def _asked(command: ProposeRepayment, lines: Sequence[Line]) -> list[Line]:
    """Return what is to go back: all that is left over, or as much as is asked for.

    Raises:
        NothingToRepayError, ExceedsSurplusError: there is nothing, or not so much.
    """
    found = [line for line in lines if line.pence]
    surplus_pence = total_pence(found)
    if not found:
        raise NothingToRepayError("Nothing of this budget is left over.")
    if command.amount_pence is None or command.amount_pence == surplus_pence:
        return found
    if command.amount_pence > surplus_pence:
        raise ExceedsSurplusError(asked_pence=command.amount_pence, surplus_pence=surplus_pence)
    return reduced(found, amount_pence=command.amount_pence)
