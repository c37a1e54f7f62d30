"""Calling for contributions and receiving them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking, Entry
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import AccountKind, FunderId
from services.budget.agreements import handlers as agreements
from services.budget.agreements.commands import RecordAgreement
from services.budget.agreements.models import Budget, BudgetState
from services.budget.funding.commands import ReceiveContribution
from services.budget.funding.models import Contribution
from services.budget.funding.rules import (
    DAYS_TO_PAY,
    ContributionDiffersError,
    ContributionIdReusedError,
    ContributionNotCalledError,
)
from shared.clock import LONDON
from shared.contracts.budget import BudgetActivated, ContributionCalled, ContributionReceived
from shared.messaging import outbox
from shared.trace import Trace


def record_agreement(command: RecordAgreement, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Fix the shares, open the books and call for every funder's contribution.

    Raises:
        NotKnownYetError, AgreementExistsError, IdReusedError or SharesNotWholeError: see
            ``agree``.
    """
    budget, to_call = agreements.agree(command, session=session)
    funder_ids = [funder_id for funder_id, amount_pence in to_call.items() if amount_pence]
    bookkeeper.open_books(
        session,
        budget_id=budget.budget_id,
        funder_ids={FunderId.NHS, FunderId.COUNCIL, *funder_ids},
    )
    called = [
        _call(budget, funder_id, to_call[funder_id], session=session, trace=trace)
        for funder_id in funder_ids
    ]
    return {
        "called": [
            {
                "contribution_id": contribution.contribution_id,
                "funder_id": contribution.funder_id,
                "amount_pence": contribution.amount_pence,
                "due_on": contribution.due_on,
            }
            for contribution in called
        ]
    }


def _call(
    budget: Budget, funder_id: FunderId, amount_pence: int, *, session: Session, trace: Trace
) -> Contribution:
    due_on = trace.at.astimezone(LONDON).date() + timedelta(days=DAYS_TO_PAY)
    contribution = Contribution(
        contribution_id=uuid4(),
        budget_id=budget.budget_id,
        funder_id=funder_id,
        amount_pence=amount_pence,
        due_on=due_on,
    )
    session.add(contribution)
    event = ContributionCalled(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=budget.budget_id,
        funder_id=funder_id,
        amount_pence=amount_pence,
        due_on=due_on,
    )
    outbox.add(session, event, trace=trace)
    return contribution


def receive_contribution(
    command: ReceiveContribution, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Book a contribution, once, and make the budget active when it is the last.

    Raises:
        ContributionNotCalledError: nobody was asked for it.
        ContributionDiffersError: another amount was asked for.
        ContributionIdReusedError: it was received before under another bank reference.
    """
    contribution = session.get(Contribution, command.contribution_id)
    if contribution is None or (contribution.budget_id, contribution.funder_id) != (
        command.budget_id,
        command.funder_id,
    ):
        raise ContributionNotCalledError("This contribution was not called for.")
    if contribution.amount_pence != command.amount_pence:
        raise ContributionDiffersError(
            called_pence=contribution.amount_pence, received_pence=command.amount_pence
        )
    budget = session.get_one(Budget, command.budget_id, with_for_update=True)
    session.refresh(contribution)
    if contribution.received_at is None:
        _receive(contribution, command, session=session, trace=trace)
        _activate_when_complete(budget, session=session, trace=trace)
    elif contribution.bank_reference != command.bank_reference:
        raise ContributionIdReusedError("This contribution was received before.")
    return {"is_active": budget.state is BudgetState.ACTIVE}


def _receive(
    contribution: Contribution, command: ReceiveContribution, *, session: Session, trace: Trace
) -> None:
    contribution.received_at = trace.at
    contribution.bank_reference = command.bank_reference
    today = trace.at.astimezone(LONDON).date()
    booking = Booking(
        budget_id=contribution.budget_id,
        kind=JournalKind.CONTRIBUTION,
        source_id=contribution.contribution_id,
        effective_on=today,
        occurred_on=today,
        actor=trace.actor,
        reason="A contribution that was called for was paid in.",
        metadata={"bank_reference": command.bank_reference},
        entries=_contribution_entries(contribution),
    )
    bookkeeper.book(session, booking)
    event = ContributionReceived(
        occurred_at=trace.at,
        contribution_id=contribution.contribution_id,
        budget_id=contribution.budget_id,
        funder_id=contribution.funder_id,
        amount_pence=contribution.amount_pence,
    )
    outbox.add(session, event, trace=trace)


def _contribution_entries(contribution: Contribution) -> list[Entry]:
    """Return the entries of a contribution.

    What the person gives stands in their own book and, as money charged, in the council's:
    it pays for a part of what the council owes.
    """
    if contribution.funder_id is not FunderId.PERSON:
        return [
            Entry(
                funder_id=contribution.funder_id,
                debit=AccountKind.PAID_IN,
                credit=AccountKind.AVAILABLE,
                amount_pence=contribution.amount_pence,
            )
        ]
    return [
        Entry(
            funder_id=FunderId.PERSON,
            debit=AccountKind.CONTRIBUTED,
            credit=AccountKind.OWN_MONEY,
            amount_pence=contribution.amount_pence,
        ),
        Entry(
            funder_id=FunderId.COUNCIL,
            debit=AccountKind.CHARGED,
            credit=AccountKind.AVAILABLE,
            amount_pence=contribution.amount_pence,
        ),
    ]


def _activate_when_complete(budget: Budget, *, session: Session, trace: Trace) -> None:
    if _missing(session, budget.budget_id):
        return
    budget.state = BudgetState.ACTIVE
    available = bookkeeper.lock_available(session, budget_id=budget.budget_id)
    event = BudgetActivated(
        occurred_at=trace.at,
        budget_id=budget.budget_id,
        version=budget.plan_version,
        plan_id=budget.plan_id,
        person_id=budget.person_id,
        available_pence=sum(part.free_pence for part in available.values()),
    )
    outbox.add(session, event, trace=trace)


def _missing(session: Session, budget_id: UUID) -> int:
    """Count the contributions that are called for and not paid in."""
    session.flush()
    missing = (
        select(func.count())
        .where(Contribution.budget_id == budget_id)
        .where(Contribution.received_at.is_(None))
    )
    return session.scalar(missing) or 0
