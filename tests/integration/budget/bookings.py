"""Bookings as only a test makes them: with figures that no rule has seen."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import Account, JournalKind
from services.budget.accounts.rules import (
    Entry,
    KeptHold,
    KeptPortion,
)
from services.budget.agreements.models import Agreement

HELD = UUID(int=7)


def a_booking(session, planned, *entries, held_pence=None):
    return Booking(
        budget_id=planned.budget_id,
        kind=JournalKind.CAPTURE,
        source_id=uuid4(),
        effective_on=date(2026, 11, 24),
        occurred_on=date(2026, 11, 24),
        actor="tests/system",
        reason="A test.",
        entries=entries,
        hold=None if held_pence is None else a_hold(session, planned, held_pence),
    )


def a_hold(session, planned, held_pence, **changes):
    """Return a hold of so much for each funder."""
    fields = {
        "purchase_id": HELD,
        "budget_id": planned.budget_id,
        "item_id": planned.item_ids["joint"],
        "agreement_id": session.scalars(select(Agreement.agreement_id)).first(),
        "asked_pence": 50_00 * len(held_pence),
        "expires_at": datetime(2026, 12, 24, tzinfo=UTC),
        "version": 1,
        "amounts_version": 0,
        "unmatched_pence": 0,
        "expired_at": None,
        "portions": [
            KeptPortion(
                funder_id=funder_id,
                asked_pence=50_00,
                held_pence=pence,
                posted_pence=0,
                overspent_pence=0,
                advanced_pence=0,
            )
            for funder_id, pence in held_pence.items()
        ],
    }
    return KeptHold(**(fields | changes))


def spent(funder_id, amount_pence, *, debit="available", credit="paid_out"):
    return Entry(funder_id=funder_id, debit=debit, credit=credit, amount_pence=amount_pence)


def account_of(session, planned, funder_id, kind):
    return session.scalars(
        select(Account.account_id).filter_by(
            budget_id=planned.budget_id, funder_id=funder_id, kind=kind
        )
    ).one()
