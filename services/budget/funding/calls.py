"""Calling for contributions: who still has to pay what, and the books it goes into."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Book, Booking
from services.budget.accounts.models import Account, JournalKind, Posting
from services.budget.accounts.rules import AccountKind
from services.budget.agreements import shares
from services.budget.agreements.handlers import Agreed
from services.budget.agreements.models import Budget, BudgetState
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind
from services.budget.funding import rules
from services.budget.funding.models import Contribution
from shared.contracts.budget.contributions import ContributionCalled, ContributionCommitted
from shared.messaging import outbox
from shared.trace import Trace


def call_for_what_is_missing(
    agreed: Agreed, *, session: Session, trace: Trace
) -> list[Contribution]:
    """Open the books of a budget, and call for what its funders and the person have yet to pay.

    Once it has ended nothing is called for: nothing new is bought, and what a decision about
    shares makes one funder owe another is settled between them.
    """
    is_over = agreed.is_over(on=trace.today)
    wanted = {} if is_over else _still_to_call(agreed, session=session)
    _open_books(agreed, wanted, session=session)
    called = [
        call(agreed.budget, funder_id, amount_pence, session=session, trace=trace)
        for funder_id, amount_pence in wanted.items()
    ]
    _charge(agreed, wanted, session=session, trace=trace)
    return called


def _still_to_call(agreed: Agreed, *, session: Session) -> dict[UUID, int]:
    """Return what each has to be called for now: needed, less what was called before."""
    budget = agreed.budget
    council_id: UUID | None = None
    needed = shares.needed_pence(session, budget.budget_id)
    called = _called_pence(session, budget.budget_id)
    from_person_pence = called.get(budget.person_id, 0)
    if budget.state is BudgetState.PLANNED:
        council_id, from_person_pence = shares.persons_charge(session, budget)
        needed[budget.person_id] = from_person_pence
    elif from_person_pence:
        council_id = council_of(session, budget.budget_id)
    if from_person_pence and council_id is not None:
        # What the person pays the council need not pay.
        needed[council_id] = max(0, needed.get(council_id, 0) - from_person_pence)
    to_call = {
        funder_id: pence - called.get(funder_id, 0) for funder_id, pence in sorted(needed.items())
    }
    return {funder_id: pence for funder_id, pence in to_call.items() if pence > 0}


def _called_pence(session: Session, budget_id: UUID) -> dict[UUID, int]:
    rows = session.execute(
        select(Contribution.funder_id, func.sum(Contribution.amount_pence))
        .where(Contribution.budget_id == budget_id, Contribution.is_for_crisis.is_(False))
        .group_by(Contribution.funder_id)
    )
    return {funder_id: int(pence) for funder_id, pence in rows}


def _open_books(agreed: Agreed, wanted: Mapping[UUID, int], *, session: Session) -> None:
    """Open a book for each partner, with accounts for what may come to be due to the host."""
    host = agreed.partners[agreed.pool.host_id]
    others = [one for one in agreed.partners.values() if one.funder_id != host.funder_id]
    books = [_book_of(one, [host]) for one in others]
    books.append(_book_of(host, others))
    person_id = agreed.budget.person_id
    if person_id in wanted:
        session.merge(Funder(funder_id=person_id, kind=FunderKind.PERSON))
        books.append(Book(funder_id=person_id, kind=FunderKind.PERSON))
    bookkeeper.open_books(session, budget_id=agreed.budget.budget_id, books=books)


def _book_of(funder: Funder, counterparties: list[Funder]) -> Book:
    codes = [str(one.code) for one in counterparties]
    return Book(funder_id=funder.funder_id, kind=funder.kind, counterparties=codes)


def _charge(agreed: Agreed, wanted: Mapping[UUID, int], *, session: Session, trace: Trace) -> None:
    """Raise the charge on the person, once, in the book of the council that charges."""
    amount_pence = wanted.get(agreed.budget.person_id, 0)
    council_id, _ = shares.persons_charge(session, agreed.budget)
    if not amount_pence or council_id is None:
        return
    charge = bookkeeper.todays_booking(
        agreed.budget.budget_id,
        kind=JournalKind.CHARGE,
        source_id=agreed.budget.person_id,
        reason="What the person pays towards the council's part was worked out.",
        entries=rules.charge_entries(council_id, amount_pence=amount_pence),
        trace=trace,
    )
    bookkeeper.book(session, charge)


def council_of(session: Session, budget_id: UUID) -> UUID:
    """Return the council in whose book the person's charge stands."""
    council_id: UUID = session.scalars(
        select(Account.funder_id)
        .join(Posting, Posting.debit_account_id == Account.account_id)
        .where(Account.budget_id == budget_id, Account.kind == AccountKind.CHARGE_DUE)
        .limit(1)
    ).one()
    return council_id


def call(
    budget: Budget,
    funder_id: UUID,
    amount_pence: int,
    *,
    is_for_crisis: bool = False,
    session: Session,
    trace: Trace,
) -> Contribution:
    """Ask a funder, or the person, to pay so much into a budget."""
    due_on = trace.today + timedelta(days=rules.DAYS_TO_PAY)
    contribution = Contribution(
        contribution_id=uuid4(),
        budget_id=budget.budget_id,
        funder_id=funder_id,
        amount_pence=amount_pence,
        due_on=due_on,
        is_for_crisis=is_for_crisis,
    )
    session.add(contribution)
    event = ContributionCalled(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=budget.budget_id,
        funder_id=funder_id,
        amount_pence=amount_pence,
        due_on=due_on,
        person_id=budget.person_id,
    )
    outbox.add(session, event, trace=trace)
    return contribution


def commit(
    contribution: Contribution, *, into: AccountKind, session: Session, trace: Trace
) -> Booking:
    """Take a funder's word for a contribution, tell of it, and return its booking."""
    contribution.committed_at = trace.at
    tell_committed(contribution, session=session, trace=trace)
    return bookkeeper.todays_booking(
        contribution.budget_id,
        kind=JournalKind.PROMISE,
        source_id=contribution.contribution_id,
        reason="A contribution was committed under the pool's agreement.",
        entries=rules.promise_entries(
            contribution.funder_id, amount_pence=contribution.amount_pence, into=into
        ),
        trace=trace,
    )


def tell_committed(contribution: Contribution, *, session: Session, trace: Trace) -> None:
    """Tell that a funder gave its word, and on which terms, if it says so."""
    event = ContributionCommitted(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=contribution.budget_id,
        funder_id=contribution.funder_id,
        amount_pence=contribution.amount_pence,
        starts_on=contribution.covers_from,
        ends_on=contribution.covers_until,
        cost_centre=contribution.cost_centre,
        source=contribution.money_source,
    )
    outbox.add(session, event, trace=trace)


def lower(contribution: Contribution, less_pence: int, *, trace: Trace) -> None:
    """Ask for so much less of a contribution; what has come in of it may be all of it now.

    Args:
        contribution: as it stands under its budget's lock.
        less_pence: no more than has not come in.
        trace: when.
    """
    contribution.amount_pence -= less_pence
    if contribution.amount_pence == contribution.received_pence and less_pence:
        contribution.received_at = trace.at


def lower_the_persons(
    budget: Budget, lowered_pence: int, *, session: Session, trace: Trace
) -> None:
    """Ask the person for so much less: a charge, or a part of one, was taken back.

    Args:
        budget: locked by the caller.
        lowered_pence: no more than the person still owes.
        session: of the transaction that takes it back in the books.
        trace: by whom, and when.
    """
    contributions = session.scalars(
        select(Contribution)
        .where(Contribution.budget_id == budget.budget_id)
        .where(Contribution.funder_id == budget.person_id)
        .where(Contribution.received_at.is_(None))
        .order_by(Contribution.due_on, Contribution.contribution_id)
        .execution_options(populate_existing=True)
    ).all()
    for contribution in contributions:
        less_pence = min(lowered_pence, contribution.amount_pence - contribution.received_pence)
        lower(contribution, less_pence, trace=trace)
        lowered_pence -= less_pence
