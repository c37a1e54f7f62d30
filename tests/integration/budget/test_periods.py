"""Days for which the books are closed, or closing."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import Entry, PeriodClosedError
from tests.integration.budget.budgets import (
    NHS,
    POOL,
    a_planned_budget,
    a_pool,
    agree,
    amounts_of,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    everything,
    left_of,
    pay_in,
    rows,
    spend,
    tell,
    unanswered,
)


@pytest.fixture
def period(owners):
    """Say how it stands with the books of a pool from 1 November to the end of 30 November."""

    def be(state, *, pool_id=POOL, starts_on="2026-11-01", ends_on="2026-12-01"):
        with owners("budget").begin() as connection:
            connection.execute(
                text("INSERT INTO periods VALUES (gen_random_uuid(), :pool, :starts, :ends, :is)"),
                {"pool": pool_id, "starts": starts_on, "ends": ends_on, "is": state},
            )

    return be


def late(budget_id, effective_on, **metadata):
    return Booking(
        budget_id=budget_id,
        kind=JournalKind.CAPTURE,
        source_id=uuid4(),
        effective_on=effective_on,
        occurred_on=effective_on,
        actor="tests/system",
        reason="Nothing is spent: it goes out and comes back.",
        metadata=metadata,
        entries=[
            Entry(funder_id=NHS, debit=debit, credit=credit, amount_pence=1)
            for debit, credit in (("available", "paid_out"), ("paid_out", "available"))
        ],
    )


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, joint=100_00)


@pytest.mark.parametrize("state", ["closed", "closing"])
@pytest.mark.parametrize("pay", [pay_in, commit])
def test_nothing_is_written_for_a_day_whose_books_are_closed(transaction, period, state, pay):
    planned = a_planned_budget(transaction, joint=100_00)
    called = called_by(agree(transaction, planned))
    period(state)
    before = unanswered(transaction)

    answer = pay(transaction, planned, called["nhs"])

    assert answer["refusal"]["code"] == "period_closed"
    assert answer["refusal"]["next_step"].endswith(".")
    assert unanswered(transaction) == before


def test_a_charge_of_a_closed_day_is_refused_with_its_agreement(transaction, period):
    planned = a_planned_budget(transaction, joint=100_00)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=1_00,
        weeks=5,
    )
    a_pool(transaction)
    period("closed")
    before = unanswered(transaction)

    assert agree(transaction, planned)["refusal"]["code"] == "period_closed"
    assert unanswered(transaction) == before


def test_what_is_spent_on_a_closed_day_waits_and_what_is_held_is_no_journal(
    transaction, planned, period
):
    period("closed")
    purchase, answer = buy(transaction, planned, 10_00)
    assert answer == "hold_placed"
    before = everything(transaction)

    with pytest.raises(PeriodClosedError):
        tell(transaction, amounts_of(purchase, version=1, posted_pence=10_00))
    assert everything(transaction) == before

    spend(transaction, purchase, 0)
    assert left_of(transaction, planned) == {"nhs": 50_00, "council": 50_00}


NOVEMBER_24 = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("state", "effective_on", "metadata"),
    [
        ("open", NOVEMBER_24, {}),
        ("closing", NOVEMBER_24, {"late_because": "The invoice came late."}),
        ("closed", date(2026, 12, 1), {}),
    ],
)
def test_what_says_why_it_is_late_is_written_while_the_books_are_closing(
    transaction, period, state, effective_on, metadata
):
    planned = an_active_budget(transaction, joint=100_00)
    period(state)

    with transaction() as session:
        bookkeeper.book(session, late(planned.budget_id, effective_on, **metadata))

    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'capture'") == [(1,)]


@pytest.mark.parametrize(
    ("state", "effective_on", "metadata"),
    [
        ("closing", NOVEMBER_24, {"reference": "BACS 7"}),
        ("closed", NOVEMBER_24, {"late_because": "The invoice came late."}),
        ("closed", date(2026, 11, 1), {}),
        ("closed", date(2026, 11, 30), {}),
    ],
)
def test_after_that_it_comes_too_late(transaction, period, state, effective_on, metadata):
    planned = an_active_budget(transaction, joint=100_00)
    period(state)
    before = everything(transaction)

    with pytest.raises(PeriodClosedError), transaction() as session:
        bookkeeper.book(session, late(planned.budget_id, effective_on, **metadata))

    assert everything(transaction) == before


def test_one_late_booking_keeps_a_whole_batch_from_being_written(transaction, planned, period):
    period("closed")
    before = everything(transaction)

    with pytest.raises(PeriodClosedError), transaction() as session:
        bookkeeper.book(
            session,
            late(planned.budget_id, date(2026, 12, 1)),
            late(planned.budget_id, date(2026, 11, 30)),
        )

    assert everything(transaction) == before


def test_the_books_of_another_pool_are_its_own(transaction, planned, period):
    other_pool = str(uuid4())
    a_pool(transaction, pool_id=other_pool)
    period("closed", pool_id=other_pool)

    purchase, _ = buy(transaction, planned, 10_00)
    spend(transaction, purchase, 10_00)

    assert left_of(transaction, planned) == {"nhs": 45_00, "council": 45_00}
