"""What the database itself refuses, whoever asks and however they ask."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking, Entry
from services.budget.accounts.models import Account, Balance, Journal, JournalKind, Posting
from services.budget.accounts.rules import AccountKind, BatchTooLargeError, FunderId
from shared.database import open_engine, open_sessions
from tests.integration.budget.budgets import an_active_budget, everything, rows

CHANGES = [
    "UPDATE {table} SET journal_id = gen_random_uuid()",
    "DELETE FROM {table}",
]
HISTORY = pytest.mark.parametrize("table", ["journals", "postings"])
BOOKS = pytest.mark.parametrize("table", ["accounts", "balances", "journals", "postings"])


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
        occurred_on=date(2026, 11, 24),
        actor="tests/system",
        reason="A test.",
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
def test_a_posting_between_two_funders_has_no_form(transaction, as_owner, planned, funder_id):
    with transaction() as session:
        of_council = account_of(session, planned, "council", "available")
    posting = a_posting(transaction, planned, funder_id=funder_id, credit_account_id=of_council)

    with pytest.raises(IntegrityError, match="_account_fkey"), as_owner() as session:
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
def test_a_posting_with_one_side_or_no_amount_has_no_form(
    transaction, as_owner, planned, wrong, constraint
):
    posting = a_posting(transaction, planned, **wrong)

    with pytest.raises(IntegrityError, match=constraint), as_owner() as session:
        session.add(posting)


def test_a_posting_from_an_account_to_itself_has_no_form(transaction, as_owner, planned):
    posting = a_posting(transaction, planned)
    posting.credit_account_id = posting.debit_account_id

    with pytest.raises(IntegrityError, match="two_accounts"), as_owner() as session:
        session.add(posting)


def test_an_nhs_book_cannot_have_an_account_to_charge_from(transaction, as_owner, planned):
    with pytest.raises(IntegrityError, match="only_council_charges"), as_owner() as session:
        session.add(
            Account(budget_id=planned.budget_id, funder_id=FunderId.NHS, kind=AccountKind.CHARGED)
        )


@BOOKS
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} DEFAULT VALUES",
    ],
)
def test_the_service_itself_writes_its_books_by_functions_alone(
    transaction, planned, table, change
):
    before = everything(transaction)
    column = {"accounts": "kind", "balances": "held_pence"}.get(table, "journal_id")
    statement = text(change.format(table=table, column=column))

    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(statement)

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


def test_an_account_can_neither_go_nor_change_hands(transaction, as_owner, planned):
    for change in ("DELETE FROM accounts", "UPDATE accounts SET funder_id = 'person'"):
        with pytest.raises(DBAPIError, match="history is never changed"), as_owner() as session:
            session.execute(text(change))


def test_nobody_but_the_service_calls_the_functions_that_write(as_owner, planned):
    with as_owner() as session:
        granted = session.execute(
            text(
                "SELECT proname, proacl::text FROM pg_proc"
                " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            )
        ).all()

    assert {row.proname for row in granted} == {
        *("book", "open_books", "lock_available", "last_written_seq", "add_seal")
    }
    for row in granted:
        assert row.proacl == "{budget_owner=X/budget_owner,budget=X/budget_owner}"


ADD_LINE = """
    SELECT book('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
                ARRAY[CAST(:journal_id AS uuid)], ARRAY[99::bigint], ARRAY['nhs'],
                ARRAY[CAST(:debit AS bigint)],
                ARRAY[CAST(:credit AS bigint)], ARRAY[5000000::bigint], '{}', '{}')
"""


def test_no_line_is_added_to_a_journal_that_stands(transaction, planned):
    before = everything(transaction)
    with transaction() as session:
        values = {
            "journal_id": session.scalars(select(Journal.journal_id)).first(),
            "debit": account_of(session, planned, "nhs", "paid_in"),
            "credit": account_of(session, planned, "nhs", "available"),
        }

    with pytest.raises(IntegrityError, match="written now"), transaction() as session:
        session.execute(text(ADD_LINE), values)

    assert everything(transaction) == before


def test_no_money_moves_between_two_people_s_budgets(transaction, planned):
    other = an_active_budget(transaction, joint=10_00)
    before = everything(transaction)
    with transaction() as session:
        columns = bookkeeper._columns(
            [a_booking(planned, spent(FunderId.NHS, 5))],
            bookkeeper._accounts(session, {planned.budget_id}),
        )
        columns["credit_account_ids"] = [account_of(session, other, "nhs", "available")]

    with pytest.raises(IntegrityError, match="within the budget"), transaction() as session:
        session.execute(bookkeeper._BOOK, columns)

    assert everything(transaction) == before


def test_what_has_no_balance_cannot_be_held(transaction, planned):
    with transaction() as session:
        columns = bookkeeper._columns(
            [a_booking(planned, held_steps_pence={FunderId.NHS: 1})],
            bookkeeper._accounts(session, {planned.budget_id}),
        )
        columns["held_account_ids"] = [account_of(session, planned, "nhs", "paid_out")]

    with pytest.raises(IntegrityError, match="available can be held"), transaction() as session:
        session.execute(bookkeeper._BOOK, columns)


@pytest.mark.parametrize(
    ("funder_ids", "kinds"), [(["nhs"], ["own_money"]), (["person"], ["available"])]
)
def test_no_account_is_opened_in_another_kind_of_book(transaction, planned, funder_ids, kinds):
    opening = {"budget_id": uuid4(), "funder_ids": funder_ids, "kinds": kinds}

    with pytest.raises(IntegrityError, match="of_its_book"), transaction() as session:
        session.execute(bookkeeper._OPEN_BOOKS, opening)


@pytest.mark.parametrize("seqs", [[1], [2**62]])
def test_no_seal_is_made_up(transaction, planned, seqs):
    made_up = {"seqs": seqs, "digests": [bytes(32)] * len(seqs)}
    add = text("SELECT add_seal(gen_random_uuid(), :seqs, :digests, 1, now())")

    with pytest.raises(IntegrityError, match="come next"), transaction() as session:
        session.execute(add, made_up)


def test_a_journal_says_who_wrote_it_why_and_for_which_days(transaction, planned):
    described = rows(
        transaction, "SELECT DISTINCT actor, reason, occurred_on = effective_on FROM journals"
    )

    assert described == [("tests/system", "A contribution that was called for was paid in.", True)]
    assert rows(transaction, "SELECT DISTINCT metadata ? 'bank_reference' FROM journals") == [
        (True,)
    ]


def test_the_bookkeeper_writes_many_bookings_at_once(transaction, planned):
    """One call, one lock order over the whole batch; an account may come in it many times."""
    many = [
        a_booking(planned, spent(FunderId.NHS, 5), held_steps_pence={FunderId.NHS: 1})
        for _ in range(1_000)
    ]
    with transaction() as session:
        available = account_of(session, planned, "nhs", "available")
        bookkeeper.book(session, *many[:100])
        balance = session.get_one(Balance, available)
        assert (balance.posted_pence, balance.held_pence) == (50_00 - 100 * 5, 100)
        assert session.scalar(select(func.count(Posting.line))) == 100 + 2
        session.rollback()


def test_more_than_a_thousand_bookings_at_once_are_refused_and_none_is_written(
    transaction, planned
):
    before = everything(transaction)
    many = [a_booking(planned, spent(FunderId.NHS, 1))] * 1_001

    with pytest.raises(BatchTooLargeError), transaction() as session:
        bookkeeper.book(session, *many)

    assert everything(transaction) == before
