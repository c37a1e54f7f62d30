"""What the bookkeeper writes and what it refuses, in the database itself."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Book
from services.budget.accounts.models import Balance, Posting
from services.budget.accounts.rules import (
    BatchTooLargeError,
)
from services.budget.funders.rules import FunderKind
from tests.integration.budget.bookings import a_booking, account_of, spent
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    an_active_budget,
    everything,
    rows,
)
from tests.integration.budget.pools import ANOTHER_NHS, register
from tests.integration.budget.test_races import all_at_once

ANOTHER_COUNCIL = UUID(int=9)


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, joint=100_00)


@pytest.mark.parametrize(
    ("entries", "held_pence"),
    [
        ([spent(NHS, 50_01)], None),
        ([], {NHS: 50_01}),
        ([spent(NHS, 25_00)], {NHS: 25_01}),
        ([spent(NHS, 1), spent(COUNCIL, 50_01)], None),
        ([], {NHS: -1}),
    ],
)
def test_no_account_is_overdrawn_and_nothing_of_such_a_booking_stays(
    transaction, planned, entries, held_pence
):
    before = everything(transaction)

    with pytest.raises(IntegrityError), transaction() as session:
        bookkeeper.book(session, a_booking(session, planned, *entries, held_pence=held_pence))

    assert everything(transaction) == before


def test_an_account_can_be_emptied_to_the_last_penny(transaction, planned):
    for held_pence, emptied in ((50_00, 2), (0, 0)):
        with transaction() as session:
            hold = {NHS: held_pence, COUNCIL: held_pence}
            bookkeeper.book(session, a_booking(session, planned, held_pence=hold))
        count = "SELECT count(*) FROM balances WHERE posted_pence = held_pence"
        assert rows(transaction, count) == [(emptied,)]


def test_a_hold_released_by_eight_at_once_is_released_once(transaction, planned):
    """They do not lock the budget first, as handlers do: the function's own locks are enough."""
    with transaction() as session:
        held = a_booking(session, planned, held_pence={NHS: 50_00, COUNCIL: 30_00})
        bookkeeper.book(session, held)
        released = a_booking(session, planned, held_pence={NHS: 0, COUNCIL: 0})

    def release():
        with transaction() as session:
            bookkeeper.book(session, released)

    all_at_once([release] * 8)

    held = "SELECT sum(held_pence) FROM {}"
    assert rows(transaction, held.format("balances")) == [(0,)]
    assert rows(transaction, held.format("hold_portions")) == [(0,)]
    assert rows(transaction, "SELECT count(*) FROM held_amounts WHERE held_pence = 0") == [(2,)]


NOTHING = dict.fromkeys(bookkeeper.ARGUMENTS, "'{}'")
A_LINE = {
    "journal_places": "ARRAY[1::bigint]",
    "lines": "ARRAY[99::bigint]",
    "funder_ids": "ARRAY[CAST(:nhs AS uuid)]",
    "debits": "ARRAY['paid_in']",
    "credits": "ARRAY['available']",
    "amounts_pence": "ARRAY[5000000::bigint]",
}
ADD_LINE = f"SELECT book({', '.join((NOTHING | A_LINE).values())})"


def test_no_line_is_added_to_a_journal_that_stands(transaction, planned):
    before = everything(transaction)

    with pytest.raises(IntegrityError, match="written now"), transaction() as session:
        session.execute(text(ADD_LINE), {"nhs": NHS})

    assert everything(transaction) == before


@pytest.mark.parametrize(
    "entry",
    [
        spent(NHS, 5, credit="due_to RVJ01"),
        spent(NHS, 5, credit="due_from QHM01"),
        spent(NHS, 5, credit="charged"),
        spent(NHS, 5, credit="own_money"),
        spent(NHS, 5, credit=""),
        spent(UUID(int=0), 5),
        spent(ANOTHER_COUNCIL, 5),
    ],
)
def test_no_money_moves_to_an_account_that_is_not_in_the_funders_book_of_this_budget(
    transaction, planned, entry
):
    """``another council`` has such accounts, but for somebody else's budget."""
    other = a_planned_budget(transaction, joint=10_00)
    register(transaction, funder_id=str(ANOTHER_COUNCIL), kind="council", code="E06000002")
    with transaction() as session:
        book = Book(funder_id=ANOTHER_COUNCIL, kind=FunderKind.COUNCIL)
        bookkeeper.open_books(session, budget_id=other.budget_id, books=[book])
    before = everything(transaction)

    with pytest.raises(IntegrityError, match="of its budget"), transaction() as session:
        bookkeeper.book(session, a_booking(session, planned, spent(NHS, 1), entry))

    assert everything(transaction) == before


def test_what_has_no_balance_cannot_be_held(transaction, planned):
    """A hold of somebody who has nothing available in this budget would be held nowhere."""
    register(transaction)
    before = everything(transaction)
    with transaction() as session:
        booking = a_booking(session, planned, held_pence={NHS: 1, ANOTHER_NHS: 1})

    with pytest.raises(IntegrityError, match="available can be held"), transaction() as session:
        bookkeeper.book(session, booking)

    assert everything(transaction) == before


def test_a_journal_says_who_wrote_it_why_and_for_which_days(transaction, planned):
    described = rows(
        transaction, "SELECT DISTINCT actor, reason, occurred_on = effective_on FROM journals"
    )

    assert described == [("tests/system", "A contribution that was called for came in.", True)]
    assert rows(transaction, "SELECT DISTINCT metadata ? 'reference' FROM journals") == [(True,)]


def test_the_bookkeeper_writes_many_bookings_at_once(transaction, planned):
    """One call, one lock order over the whole batch; an account may come in it many times."""
    with transaction() as session:
        available = account_of(session, planned, NHS, "available")
        many = [
            replace(booking, hold=replace(booking.hold, purchase_id=uuid4()))
            for booking in [a_booking(session, planned, spent(NHS, 5), held_pence={NHS: 1})] * 100
        ]
        bookkeeper.book(session, *many)
        balance = session.get_one(Balance, available)
        assert (balance.posted_pence, balance.held_pence) == (50_00 - 100 * 5, 100)
        assert session.scalar(select(func.count(Posting.line))) == 100 + 2
        session.rollback()


def test_more_than_a_thousand_bookings_at_once_are_refused_and_none_is_written(
    transaction, planned
):
    before = everything(transaction)
    with transaction() as session:
        many = [a_booking(session, planned, spent(NHS, 1))] * 1_001

    with pytest.raises(BatchTooLargeError), transaction() as session:
        bookkeeper.book(session, *many)

    assert everything(transaction) == before
