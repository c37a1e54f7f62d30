"""Reversing and correcting journals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import Account, Balance, Journal, JournalKind, Posting
from services.budget.accounts.rules import AccountKind, Entry
from services.budget.agreements.models import Budget, locked_budget
from services.budget.corrections import rules
from services.budget.corrections.commands import CorrectJournal, ReverseJournal
from services.budget.corrections.rules import (
    CORRECTABLE,
    REVERSIBLE,
    JournalNotFoundError,
    NotCorrectableError,
    NotReversibleError,
)
from services.budget.crisis_reserve.models import CrisisPart
from services.budget.funding.models import Contribution, MoneyKind, Receipt
from services.budget.surplus import standing as ledger
from shared.contracts.budget.contributions import ContributionReversed
from shared.messaging import outbox
from shared.trace import Trace

PAID_OR_GONE_BACK = (
    AccountKind.PAID_IN,
    AccountKind.RELEASED_IN,
    AccountKind.REPAID,
    AccountKind.CONTRIBUTED,
)
_REVERSES = Journal.metadata_["reverses"].astext
_PERIOD_OF = text("""
    SELECT CASE WHEN starts_on <= :day THEN state
                WHEN state = 'closed' THEN state END  -- and with it every day before it
    FROM periods WHERE pool_id = :pool_id AND :day < ends_on ORDER BY starts_on LIMIT 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A journal as it stands in the books, and its budget, which is locked."""

    journal: Journal
    entries: list[Entry]
    budget: Budget

    @property
    def kind(self) -> JournalKind:
        return JournalKind(self.journal.kind)


def reverse_journal(command: ReverseJournal, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Take back a contribution that never came in, or a commitment that was never given.

    The call for it stands again, and is chased again when it is late. A budget that had become
    active stays so: what is joint waits until the money is there.

    Raises:
        JournalNotFoundError: there is no such journal.
        AlreadyReversedError: it was reversed or corrected before.
        NotReversibleError: what it recorded is taken back in another way.
        InsufficientFundsError: the money was spent meanwhile, or went back to whoever paid it.
        PeriodClosedError: today's books are closed.
    """
    written = _locked(session, command.journal_id)
    if written.kind not in REVERSIBLE:
        raise NotReversibleError("Such a journal is not reversed.")
    back = rules.mirrored(written.entries)
    free_pence = _free_pence(session, written.budget.budget_id)
    rules.see_that_it_is_still_there(back, free_pence=free_pence)
    net_paid_pence = _net_paid_pence(session, written.budget.budget_id)
    rules.see_that_it_did_not_go_back(back, net_paid_pence=net_paid_pence)
    contribution = _taken_back(written, session=session)
    bookkeeper.book(session, _reversal(written, command.reason, session=session, trace=trace))
    event = ContributionReversed(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=contribution.budget_id,
        funder_id=contribution.funder_id,
        amount_pence=_amount_pence(written, contribution),
        was_received=written.kind is JournalKind.CONTRIBUTION,
    )
    outbox.add(session, event, trace=trace)
    return {
        "journal_id": command.journal_id,
        "contribution_id": contribution.contribution_id,
        "amount_pence": event.amount_pence,
        "missing_pence": contribution.amount_pence - contribution.received_pence,
    }


def correct_journal(command: CorrectJournal, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Let a journal count for the day that is right: reversed on its own, written again on that.

    Where one of the days is closed it is written today, and says when it happened.

    Raises:
        JournalNotFoundError, AlreadyReversedError, PeriodClosedError: see ``reverse_journal``.
        NotCorrectableError: its day belongs to the run that booked it.
        DayWrongError, NothingToCorrectError: see ``rules.see_that_days_are_right``.
    """
    written = _locked(session, command.journal_id)
    if written.kind not in CORRECTABLE:
        raise NotCorrectableError("The day of such a journal is not corrected.")
    rules.see_that_days_are_right(
        effective_on=command.effective_on,
        occurred_on=command.occurred_on,
        was=(written.journal.effective_on, written.journal.occurred_on),
        today=trace.today,
    )
    again = _booking(
        written,
        written.entries,
        day=command.effective_on,
        occurred_on=command.occurred_on,
        reason=command.reason,
        metadata={**written.journal.metadata_, "corrects": str(command.journal_id)},
        session=session,
        trace=trace,
    )
    reversal = _reversal(written, command.reason, session=session, trace=trace)
    bookkeeper.book(session, reversal, again)
    return {
        "journal_id": command.journal_id,
        "reversed_on": reversal.effective_on,
        "effective_on": again.effective_on,
    }


def _locked(session: Session, journal_id: UUID) -> Written:
    """Return a journal that stands, under its budget's lock.

    Raises:
        JournalNotFoundError, AlreadyReversedError.
    """
    journal = session.get(Journal, journal_id)
    if journal is None:
        raise JournalNotFoundError("There is no such journal.")
    budget = locked_budget(session, journal.budget_id)
    reversed_by = select(Journal.journal_id).where(str(journal_id) == _REVERSES)
    rules.see_that_it_stands(
        is_reversed=session.scalar(reversed_by) is not None,
        is_a_reversal="reverses" in journal.metadata_,
    )
    return Written(journal=journal, entries=_entries(session, journal_id), budget=budget)


def _entries(session: Session, journal_id: UUID) -> list[Entry]:
    debit, credit = aliased(Account), aliased(Account)
    rows = session.execute(
        select(Posting.funder_id, debit.name, credit.name, Posting.amount_pence)
        .join(debit, debit.account_id == Posting.debit_account_id)
        .join(credit, credit.account_id == Posting.credit_account_id)
        .where(Posting.journal_id == journal_id)
        .order_by(Posting.line)
    )
    return [
        Entry(funder_id=funder_id, debit=debited, credit=credited, amount_pence=pence)
        for funder_id, debited, credited, pence in rows
    ]


def _free_pence(session: Session, budget_id: UUID) -> dict[tuple[UUID, str], int]:
    rows = session.execute(
        select(Account.funder_id, Account.name, Balance.posted_pence - Balance.held_pence)
        .join(Balance, Balance.account_id == Account.account_id)
        .where(Account.budget_id == budget_id)
    )
    return {(funder_id, name): pence for funder_id, name, pence in rows}


def _net_paid_pence(session: Session, budget_id: UUID) -> dict[UUID, int]:
    """Return what each has paid into a budget, the person too, less what went back to them."""
    return {
        funder_id: -sum(figures.get(kind.value, 0) for kind in PAID_OR_GONE_BACK)
        for funder_id, _, figures in ledger.books(session, budget_id)
    }


def _reversal(written: Written, reason: str, *, session: Session, trace: Trace) -> Booking:
    return _booking(
        written,
        rules.mirrored(written.entries),
        day=written.journal.effective_on,
        occurred_on=written.journal.occurred_on,
        reason=reason,
        metadata={"reverses": str(written.journal.journal_id)},
        session=session,
        trace=trace,
    )


def _booking(
    written: Written,
    entries: list[Entry],
    *,
    day: date,
    occurred_on: date,
    reason: str,
    metadata: Mapping[str, str],
    session: Session,
    trace: Trace,
) -> Booking:
    """Return a booking of a journal's own kind and cause, so that they come to the same."""
    asked = {"pool_id": written.budget.pool_id, "day": day}
    placed = rules.placed(
        day, state=session.scalar(_PERIOD_OF, asked), today=trace.today, reason=reason
    )
    return Booking(
        budget_id=written.budget.budget_id,
        kind=written.kind,
        source_id=written.journal.source_id,
        effective_on=placed.effective_on,
        occurred_on=occurred_on,
        actor=trace.actor,
        reason=reason,
        metadata={**metadata, **placed.metadata},
        entries=entries,
    )


def _taken_back(written: Written, *, session: Session) -> Contribution:
    """Let the call stand as if what the journal recorded had not happened, and return it."""
    contribution = session.get_one(Contribution, written.journal.source_id, populate_existing=True)
    if written.kind is JournalKind.PROMISE:
        if contribution.received_pence:
            raise NotReversibleError("What was committed has come in.")
        called_by = select(CrisisPart).filter_by(contribution_id=contribution.contribution_id)
        if session.scalar(called_by) is not None:
            raise NotReversibleError("It was promised beforehand, and called for in a crisis.")
        contribution.committed_at = None
        contribution.put_on_terms(None)
        return contribution
    reference = written.journal.metadata_.get("reference", "")
    receipt = session.get(Receipt, (contribution.contribution_id, reference))
    if receipt is None:
        raise NotReversibleError("This came in by a settlement between funders.")
    contribution.received_pence -= receipt.amount_pence
    contribution.received_at = None
    session.delete(receipt)  # the journals keep what it said
    if contribution.committed_at is None or receipt.money is MoneyKind.RELEASED:
        contribution.put_on_terms(None)  # they may be told anew
    return contribution


def _amount_pence(written: Written, contribution: Contribution) -> int:
    own = [one for one in written.entries if one.funder_id == contribution.funder_id]
    return sum(entry.amount_pence for entry in own)
