"""Contributions that a funder committed and that are paid by what it settles.

The host advanced what was spent of them. Whoever pays the host has paid that much of its
contribution: without this it would be asked for the same money twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import AccountKind
from services.budget.funding import rules as funding_rules
from services.budget.funding.models import Contribution, MoneyKind, Receipt
from services.budget.recharge.models import RechargeInvoice
from shared.contracts.budget.contributions import ContributionReceived
from shared.messaging import outbox
from shared.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """So much of a committed contribution that is paid now."""

    contribution: Contribution
    amount_pence: int


def keep(
    session: Session, invoice: RechargeInvoice, paid_pence: Mapping[UUID, int], *, trace: Trace
) -> list[Booking]:
    """Let what the debtor pays for some budgets keep its promises there; return the bookings.

    No more is kept in all than is paid in all. The budgets are locked by the caller.

    Args:
        session: in the transaction of the settlement.
        invoice: what is settled; how much it keeps is noted on it.
        paid_pence: what the debtor pays for each budget.
        trace: why, and when.
    """
    promised = _promised(session, invoice.debtor_id, list(paid_pence))
    most_pence = invoice.net_pence - invoice.kept_pence
    all_kept = list(_kept(promised, paid_pence, most_pence=most_pence))
    invoice.kept_pence += sum(kept.amount_pence for kept in all_kept)
    session.add_all(_receipt(kept, invoice, trace=trace) for kept in all_kept)
    session.flush()  # all of it at once, before events are saved one by one
    for kept in all_kept:
        outbox.add(session, _received(kept, trace=trace), trace=trace)
    return [_booking(kept, invoice, trace=trace) for kept in all_kept]


def _promised(
    session: Session, funder_id: UUID, budget_ids: Sequence[UUID]
) -> Sequence[Contribution]:
    """Return the contributions that were committed and are not wholly paid in, the oldest first."""
    return session.scalars(
        select(Contribution)
        .where(Contribution.budget_id.in_(budget_ids), Contribution.funder_id == funder_id)
        .where(Contribution.committed_at.is_not(None), Contribution.received_at.is_(None))
        .order_by(Contribution.budget_id, Contribution.due_on, Contribution.contribution_id)
        .execution_options(populate_existing=True)
    ).all()


def _kept(
    promised: Sequence[Contribution], paid_pence: Mapping[UUID, int], *, most_pence: int
) -> Iterator[Kept]:
    left_pence = dict(paid_pence)
    for contribution in promised:
        missing_pence = contribution.amount_pence - contribution.received_pence
        amount_pence = min(missing_pence, left_pence[contribution.budget_id], most_pence)
        if amount_pence > 0:
            left_pence[contribution.budget_id] -= amount_pence
            most_pence -= amount_pence
            yield Kept(contribution=contribution, amount_pence=amount_pence)


def _receipt(kept: Kept, invoice: RechargeInvoice, *, trace: Trace) -> Receipt:
    """Note on a contribution what is paid of it, and return the receipt for that."""
    contribution = kept.contribution
    contribution.received_pence += kept.amount_pence
    if contribution.received_pence == contribution.amount_pence:
        contribution.received_at = trace.at
    return Receipt(
        contribution_id=contribution.contribution_id,
        reference=f"recharge {invoice.invoice_id}",
        money=MoneyKind.SETTLED,
        amount_pence=kept.amount_pence,
        received_at=trace.at,
    )


def _received(kept: Kept, *, trace: Trace) -> ContributionReceived:
    return ContributionReceived(
        occurred_at=trace.at,
        contribution_id=kept.contribution.contribution_id,
        budget_id=kept.contribution.budget_id,
        funder_id=kept.contribution.funder_id,
        amount_pence=kept.amount_pence,
        money=MoneyKind.SETTLED,
    )


def _booking(kept: Kept, invoice: RechargeInvoice, *, trace: Trace) -> Booking:
    return bookkeeper.todays_booking(
        kept.contribution.budget_id,
        kind=JournalKind.CONTRIBUTION,
        source_id=kept.contribution.contribution_id,
        reason="A committed contribution was paid by settling what had been advanced of it.",
        metadata={"reference": str(invoice.bank_reference)},
        entries=funding_rules.receipt_entries(
            kept.contribution.funder_id,
            source=AccountKind.PAID_IN,
            amount_pence=kept.amount_pence,
            is_promised=True,
        ),
        trace=trace,
    )
