"""Agreeing who pays, and money promised, released and paid in."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.models import Account, Balance, JournalKind
from services.budget.accounts.rules import AccountKind, Entry
from services.budget.agreements import handlers as agreements
from services.budget.agreements.commands import RecordAgreement
from services.budget.agreements.handlers import Agreed
from services.budget.agreements.models import Budget, BudgetState, Ending, locked_if_known
from services.budget.allocations import streams
from services.budget.funders.rules import FunderKind
from services.budget.funding import calls, rules
from services.budget.funding.commands import (
    ChaseContribution,
    CommitContribution,
    ReceiveContribution,
    ReleaseContribution,
)
from services.budget.funding.models import Contribution, MoneyKind, Receipt
from services.budget.funding.rules import (
    ContributionDiffersError,
    ContributionIdReusedError,
    ContributionNotCalledError,
    PersonCannotCommitError,
)
from services.budget.tables import LOCKED
from shared.contracts.budget.budgets import BudgetActivated
from shared.contracts.budget.contributions import ContributionLate, ContributionReceived
from shared.messaging import outbox
from shared.trace import Trace

Request = CommitContribution | ReceiveContribution | ReleaseContribution
SOURCES = {
    MoneyKind.NEW_MONEY: AccountKind.PAID_IN,
    MoneyKind.RELEASED: AccountKind.RELEASED_IN,
}


def record_agreement(command: RecordAgreement, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Fix the shares for one purpose, open the books, and call for what is missing.

    Nothing is called for until each purpose of the plan has an agreement: the answer names those
    that have none as ``missing_purposes``.

    Raises:
        NotKnownYetError and the refusals of ``agree``.
    """
    agreed = agreements.agree(command, session=session)
    if agreed.missing_purposes:
        return {"called": [], "missing_purposes": agreed.missing_purposes}
    called = calls.call_for_what_is_missing(agreed, session=session, trace=trace)
    if agreed.budget.state is BudgetState.PLANNED:
        agreed.budget.state = BudgetState.CALLED
    # Where the person pays for all of it there is nobody to wait for.
    _activate_when_complete(agreed.budget, session=session, trace=trace)
    return {
        "called": [_told(contribution, agreed) for contribution in called],
        "missing_purposes": [],
    }


def _told(contribution: Contribution, agreed: Agreed) -> dict[str, Any]:
    partner = agreed.partners.get(contribution.funder_id)
    return {
        "contribution_id": contribution.contribution_id,
        "funder_id": contribution.funder_id,
        "funder_kind": partner.kind if partner else FunderKind.PERSON,
        "amount_pence": contribution.amount_pence,
        "due_on": contribution.due_on,
    }


def commit_contribution(
    command: CommitContribution, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Take a funder's word for its contribution: the host advances what is spent of it.

    Raises:
        ContributionNotCalledError, ContributionDiffersError: it is not what was called for.
        PersonCannotCommitError: it is the person's contribution.
        TermsPeriodError, TermsDifferError: on these terms it cannot be, or is not committed.
    """
    budget, contribution = _locked(command, session=session)
    _see_that_it_is_no_persons(budget, contribution)
    rules.see_that_it_is_what_was_called_for(
        called_pence=contribution.amount_pence,
        received_pence=0,
        paid_pence=command.amount_pence,
        may_be_in_parts=False,
    )
    has_new_terms = _keep_terms(contribution, command.terms)
    if contribution.committed_at is not None and has_new_terms:
        calls.tell_committed(contribution, session=session, trace=trace)
    if contribution.committed_at is None and contribution.received_at is None:
        into = _target(contribution, session=session, trace=trace)
        booking = calls.commit(contribution, into=into, session=session, trace=trace)
        bookkeeper.book(session, booking)
        _activate_when_complete(budget, session=session, trace=trace)
    return {"is_active": budget.state is BudgetState.ACTIVE}


def chase_contribution(command: ChaseContribution, *, session: Session, trace: Trace) -> None:
    """Tell of a contribution that is late, once a week; of a promise that is not kept, too."""
    contribution = session.get_one(Contribution, command.contribution_id, with_for_update=LOCKED)
    today = trace.today
    is_chased = contribution.chased_on is not None and (
        contribution.chased_on > today - timedelta(days=rules.DAYS_BETWEEN_REMINDERS)
    )
    if contribution.received_at is not None or is_chased:
        return
    contribution.chased_on = today
    event = ContributionLate(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=contribution.budget_id,
        funder_id=contribution.funder_id,
        missing_pence=contribution.amount_pence - contribution.received_pence,
        due_on=contribution.due_on,
        is_committed=contribution.committed_at is not None,
        person_id=session.get_one(Budget, contribution.budget_id).person_id,
    )
    outbox.add(session, event, trace=trace)


def release_contribution(
    command: ReleaseContribution, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Book what a block contract releases for a contribution, once.

    Raises:
        ContributionNotCalledError, ContributionDiffersError, ContributionIdReusedError: see
            ``receive_contribution``.
        PersonCannotCommitError: it is the person's contribution.
        TermsPeriodError, TermsDifferError: see ``commit_contribution``.
    """
    budget, contribution = _locked(command, session=session)
    _see_that_it_is_no_persons(budget, contribution)
    _keep_terms(contribution, command.terms)
    receipt = Receipt(
        contribution_id=contribution.contribution_id,
        reference=command.contract_reference,
        money=MoneyKind.RELEASED,
        amount_pence=command.amount_pence,
        received_at=trace.at,
    )
    return _receive(budget, contribution, receipt, session=session, trace=trace)


def receive_contribution(
    command: ReceiveContribution, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Book a contribution, once, and make the budget active when it is the last.

    Raises:
        ContributionNotCalledError: nobody was asked for it.
        ContributionDiffersError: another amount was asked for.
        ContributionIdReusedError: it was received before under another bank reference.
    """
    budget, contribution = _locked(command, session=session)
    receipt = Receipt(
        contribution_id=contribution.contribution_id,
        reference=command.bank_reference,
        money=MoneyKind.NEW_MONEY,
        amount_pence=command.amount_pence,
        received_at=trace.at,
    )
    return _receive(budget, contribution, receipt, session=session, trace=trace)


def _locked(command: Request, *, session: Session) -> tuple[Budget, Contribution]:
    """Return a budget, locked, and its contribution as it stands under the lock."""
    budget = locked_if_known(session, command.budget_id)
    contribution = session.get(Contribution, command.contribution_id)
    if (
        budget is None
        or contribution is None
        or (contribution.budget_id, contribution.funder_id)
        != (command.budget_id, command.funder_id)
    ):
        raise ContributionNotCalledError("This contribution was not called for.")
    return budget, contribution


def _keep_terms(contribution: Contribution, terms: rules.Terms | None) -> bool:
    """Keep on which terms a funder pays, if it says so; returns whether that is news."""
    if terms is None:
        return False
    rules.see_that_terms_can_be_kept(terms, kept=contribution.terms)
    is_news = contribution.terms is None
    contribution.put_on_terms(terms)
    return is_news


def _see_that_it_is_no_persons(budget: Budget, contribution: Contribution) -> None:
    if contribution.funder_id == budget.person_id:
        raise PersonCannotCommitError("This is the person's own contribution.")


def _receive(
    budget: Budget,
    contribution: Contribution,
    receipt: Receipt,
    *,
    session: Session,
    trace: Trace,
) -> dict[str, Any]:
    is_persons = contribution.funder_id == budget.person_id
    known = session.get(Receipt, (receipt.contribution_id, receipt.reference))
    if known is None:
        _see_that_it_is_missing(contribution, receipt, may_be_in_parts=is_persons)
        _book_receipt(budget, contribution, receipt, session=session, trace=trace)
        _activate_when_complete(budget, session=session, trace=trace)
    elif (known.money, known.amount_pence) != (receipt.money, receipt.amount_pence):
        raise ContributionDiffersError(
            called_pence=known.amount_pence, received_pence=receipt.amount_pence
        )
    return {"is_active": budget.state is BudgetState.ACTIVE}


def _see_that_it_is_missing(
    contribution: Contribution, receipt: Receipt, *, may_be_in_parts: bool
) -> None:
    if receipt.amount_pence == contribution.amount_pence and contribution.received_at is not None:
        raise ContributionIdReusedError("This contribution was received before.")
    rules.see_that_it_is_what_was_called_for(
        called_pence=contribution.amount_pence,
        received_pence=contribution.received_pence,
        paid_pence=receipt.amount_pence,
        may_be_in_parts=may_be_in_parts,
    )


def _book_receipt(
    budget: Budget,
    contribution: Contribution,
    receipt: Receipt,
    *,
    session: Session,
    trace: Trace,
) -> None:
    session.add(receipt)
    contribution.received_pence += receipt.amount_pence
    if contribution.received_pence == contribution.amount_pence:
        contribution.received_at = trace.at
    booking = bookkeeper.todays_booking(
        budget.budget_id,
        kind=JournalKind.CONTRIBUTION,
        source_id=contribution.contribution_id,
        reason="A contribution that was called for came in.",
        metadata={"reference": receipt.reference},
        entries=_receipt_entries(budget, contribution, receipt, session=session, trace=trace),
        trace=trace,
    )
    bookkeeper.book(session, booking)
    event = ContributionReceived(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=contribution.budget_id,
        funder_id=contribution.funder_id,
        amount_pence=receipt.amount_pence,
        money=receipt.money,
    )
    outbox.add(session, event, trace=trace)


def _target(contribution: Contribution, *, session: Session, trace: Trace) -> AccountKind:
    """Return the account that a funder's money comes to."""
    return streams.target(
        session, contribution.budget_id, contribution.funder_id, today=trace.today
    )


def _receipt_entries(
    budget: Budget,
    contribution: Contribution,
    receipt: Receipt,
    *,
    session: Session,
    trace: Trace,
) -> list[Entry]:
    if contribution.funder_id == budget.person_id:
        return rules.person_paid_entries(
            person_id=budget.person_id,
            council_id=calls.council_of(session, budget.budget_id),
            amount_pence=receipt.amount_pence,
        )
    return rules.receipt_entries(
        contribution.funder_id,
        source=SOURCES[receipt.money],
        amount_pence=receipt.amount_pence,
        is_promised=contribution.committed_at is not None,
        into=_target(contribution, session=session, trace=trace),
    )


def _activate_when_complete(budget: Budget, *, session: Session, trace: Trace) -> None:
    """Make a budget active when each funder has paid in, or has committed.

    The person's contribution is not waited for: what they owe never stops care. A budget that
    has ended before it began stays as it is.
    """
    if budget.state is not BudgetState.CALLED or not _can_begin(session, budget, trace=trace):
        return
    budget.state = BudgetState.ACTIVE
    event = BudgetActivated(
        occurred_at=trace.at,
        budget_id=budget.budget_id,
        version=budget.plan_version,
        plan_id=budget.plan_id,
        person_id=budget.person_id,
        available_pence=_free_pence(session, budget.budget_id),
    )
    outbox.add(session, event, trace=trace)


def _can_begin(session: Session, budget: Budget, *, trace: Trace) -> bool:
    """Tell whether each organisation has committed or paid in, and the budget has not ended."""
    session.flush()
    missing = (
        exists()
        .where(Contribution.budget_id == budget.budget_id)
        .where(Contribution.funder_id != budget.person_id)
        .where(Contribution.received_at.is_(None), Contribution.committed_at.is_(None))
    )
    ended = exists().where(Ending.budget_id == budget.budget_id, Ending.ends_on <= trace.today)
    return bool(session.scalar(select(~missing & ~ended)))


def _free_pence(session: Session, budget_id: UUID) -> int:
    free = (
        select(func.sum(Balance.posted_pence - Balance.held_pence))
        .join(Account, Account.account_id == Balance.account_id)
        .where(Account.budget_id == budget_id, Account.kind == AccountKind.AVAILABLE)
    )
    return int(session.scalar(free) or 0)
