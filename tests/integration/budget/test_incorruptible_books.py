"""What the database itself refuses, whoever asks and however they ask."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking, Entry
from services.budget.accounts.models import Account, Balance, Journal, JournalKind, Posting
from services.budget.accounts.rules import AccountKind, FunderId
from shared.contracts import documents
from shared.database import open_engine, open_sessions
from tests.integration.budget.budgets import an_active_budget, everything, rows

CHANGES = [
    "UPDATE {table} SET journal_id = gen_random_uuid()",
    "DELETE FROM {table}",
]
HISTORY = pytest.mark.parametrize("table", ["journals", "postings"])


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, joint=100_00)


@pytest.fixture
def as_owner(servers):
    """Transactions as the role that owns the tables and changes them in migrations."""
    url = servers.migration_environment("budget")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)
    yield open_sessions(engine).begin
    engine.dispose()


def a_booking(planned, *entries, held_steps_pence=None):
    return Booking(
        budget_id=planned.budget_id,
        kind=JournalKind.CAPTURE,
        source_id=uuid4(),
        effective_on=date(2026, 11, 24),
        entries=entries,
        held_steps_pence=held_steps_pence or {},
    )


def spent(funder_id, amount_pence):
    return Entry(
        funder_id=funder_id,
        debit=AccountKind.AVAILABLE,
        credit=AccountKind.PAID_OUT,
        amount_pence=amount_pence,
    )


def account_of(session, planned, funder_id, kind):
    return session.scalars(
        select(Account.account_id).filter_by(
            budget_id=planned.budget_id, funder_id=funder_id, kind=kind
        )
    ).one()


@pytest.mark.parametrize(
    ("entries", "held_steps_pence"),
    [
        ([spent(FunderId.NHS, 50_01)], {}),
        ([], {FunderId.NHS: 50_01}),
        ([spent(FunderId.NHS, 25_00)], {FunderId.NHS: 25_01}),
        ([spent(FunderId.NHS, 1), spent(FunderId.COUNCIL, 50_01)], {}),
        ([], {FunderId.NHS: -1}),
    ],
)
def test_no_account_is_overdrawn_and_nothing_of_such_a_booking_stays(
    transaction, planned, entries, held_steps_pence
):
    before = everything(transaction)

    with pytest.raises(IntegrityError), transaction() as session:
        bookkeeper.book(session, a_booking(planned, *entries, held_steps_pence=held_steps_pence))

    assert everything(transaction) == before


def test_an_account_can_be_emptied_to_the_last_penny(transaction, planned):
    with transaction() as session:
        bookkeeper.book(session, a_booking(planned, held_steps_pence={FunderId.NHS: 50_00}))
    assert rows(transaction, "SELECT count(*) FROM balances WHERE posted_pence = held_pence") == [
        (1,)
    ]
    with transaction() as session:
        bookkeeper.book(session, a_booking(planned, held_steps_pence={FunderId.NHS: -50_00}))


def a_posting(transaction, planned, **changes):
    """Return a posting that the books would take, but for the changes."""
    with transaction() as session:
        posting = {
            "journal_id": session.scalars(select(Journal.journal_id)).first(),
            "line": 99,
            "funder_id": FunderId.NHS,
            "debit_account_id": account_of(session, planned, "nhs", "available"),
            "credit_account_id": account_of(session, planned, "nhs", "paid_out"),
            "amount_pence": 1,
        }
    return Posting(**(posting | changes))


@pytest.mark.parametrize("funder_id", FunderId)
def test_a_posting_between_two_funders_has_no_form(transaction, planned, funder_id):
    with transaction() as session:
        of_council = account_of(session, planned, "council", "available")
    posting = a_posting(transaction, planned, funder_id=funder_id, credit_account_id=of_council)

    with pytest.raises(IntegrityError, match="_account_fkey"), transaction() as session:
        session.add(posting)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"credit_account_id": None}, "null value"),
        ({"debit_account_id": None}, "null value"),
        ({"amount_pence": 0}, "amount_positive"),
        ({"amount_pence": -1}, "amount_positive"),
        ({"journal_id": uuid4()}, "postings_journal_id_fkey"),
    ],
)
def test_a_posting_with_one_side_or_no_amount_has_no_form(transaction, planned, wrong, constraint):
    posting = a_posting(transaction, planned, **wrong)

    with pytest.raises(IntegrityError, match=constraint), transaction() as session:
        session.add(posting)


def test_a_posting_from_an_account_to_itself_has_no_form(transaction, planned):
    posting = a_posting(transaction, planned)
    posting.credit_account_id = posting.debit_account_id

    with pytest.raises(IntegrityError, match="two_accounts"), transaction() as session:
        session.add(posting)


def test_an_nhs_book_cannot_have_an_account_to_charge_from(transaction, planned):
    with pytest.raises(IntegrityError, match="only_council_charges"), transaction() as session:
        session.add(
            Account(budget_id=planned.budget_id, funder_id=FunderId.NHS, kind=AccountKind.CHARGED)
        )


@HISTORY
@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE {table} CASCADE"])
def test_the_service_itself_cannot_change_history(transaction, planned, table, change):
    before = everything(transaction)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(text(change.format(table=table)))

    assert everything(transaction) == before


@HISTORY
@pytest.mark.parametrize("change", CHANGES)
def test_whoever_owns_the_tables_is_kept_from_changing_history_by_mistake(
    transaction, as_owner, planned, table, change
):
    before = everything(transaction)

    with pytest.raises(DBAPIError, match="history is never changed"), as_owner() as session:
        session.execute(text(change.format(table=table)))

    assert everything(transaction) == before


def test_an_account_that_history_knows_can_neither_go_nor_change_hands(transaction, planned):
    for change in ("DELETE FROM accounts", "UPDATE accounts SET funder_id = 'person'"):
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text(change))


def test_the_bookkeeper_writes_many_bookings_at_once(transaction, planned):
    """One call, one lock order over the whole batch; an account may come in it many times."""
    with transaction() as session:
        available = account_of(session, planned, "nhs", "available")
        posting = {
            "funder_id": "nhs",
            "debit_account_id": available,
            "credit_account_id": account_of(session, planned, "nhs", "paid_out"),
            "amount_pence": 5,
        }
        bookings = [
            {
                "journal_id": uuid4(),
                "budget_id": planned.budget_id,
                "kind": "capture",
                "source_id": uuid4(),
                "effective_on": "2026-11-24",
                "postings": [posting, posting],
                "held_steps": [{"account_id": available, "step_pence": 1}],
            }
            for _ in range(100)
        ]
        session.execute(
            text("SELECT book(cast(:bookings AS jsonb))"),
            {"bookings": documents.write(bookings).decode()},
        )
        balance = session.get_one(Balance, available)
        assert (balance.posted_pence, balance.held_pence) == (50_00 - 100 * 10, 100)
        session.rollback()
