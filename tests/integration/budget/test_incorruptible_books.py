"""What the database itself refuses, whoever asks and however they ask."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Book, Booking
from services.budget.accounts.models import Account, Balance, Journal, JournalKind, Posting
from services.budget.accounts.rules import (
    AccountKind,
    BatchTooLargeError,
    Entry,
    KeptHold,
    KeptPortion,
)
from services.budget.agreements.models import Agreement
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind
from shared.database import open_engine, open_sessions
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    an_active_budget,
    everything,
    rows,
)
from tests.integration.budget.pools import ANOTHER_NHS, register

HELD, PERSON, ANOTHER_COUNCIL = (UUID(int=place) for place in (7, 8, 9))
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


def a_posting(transaction, planned, **changes):
    """Return a posting that the books would take, but for the changes."""
    with transaction() as session:
        posting = {
            "journal_id": session.scalars(select(Journal.journal_id)).first(),
            "line": 99,
            "funder_id": NHS,
            "debit_account_id": account_of(session, planned, NHS, "available"),
            "credit_account_id": account_of(session, planned, NHS, "paid_out"),
            "amount_pence": 1,
        }
    return Posting(**(posting | changes))


@pytest.mark.parametrize("funder_id", [NHS, COUNCIL, UUID(int=0)])
def test_a_posting_between_two_funders_has_no_form(transaction, as_owner, planned, funder_id):
    with transaction() as session:
        of_council = account_of(session, planned, COUNCIL, "available")
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


@pytest.mark.parametrize("kind", [AccountKind.CHARGED, AccountKind.CHARGE_DUE])
@pytest.mark.parametrize("funder_kind", [FunderKind.NHS, FunderKind.PERSON])
def test_no_book_but_a_councils_can_have_an_account_to_charge_from(
    as_owner, planned, funder_kind, kind
):
    account = Account(
        budget_id=planned.budget_id,
        funder_id=NHS,
        funder_kind=funder_kind,
        kind=kind,
        name=f"another {kind}",
    )

    with pytest.raises(IntegrityError, match="only_council_charges"), as_owner() as session:
        session.add(account)


def test_a_funder_is_of_the_kind_it_is_registered_with(as_owner, planned):
    """So an NHS body's book cannot be passed off as a council's."""
    account = Account(
        budget_id=planned.budget_id,
        funder_id=NHS,
        funder_kind=FunderKind.COUNCIL,
        kind=AccountKind.CHARGED,
        name="charged",
    )

    with pytest.raises(IntegrityError, match="accounts_funder_fkey"), as_owner() as session:
        session.add(account)


def test_a_book_has_one_account_of_a_name(as_owner, planned):
    account = Account(
        budget_id=planned.budget_id,
        funder_id=NHS,
        funder_kind=FunderKind.NHS,
        kind=AccountKind.PAID_OUT,
        name="available",
    )

    with pytest.raises(IntegrityError, match="accounts_one_of_a_name"), as_owner() as session:
        session.add(account)


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
    for change in ("DELETE FROM accounts", "UPDATE accounts SET kind = 'paid_in'"):
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
        *("book", "open_books", "purchase_as_it_stands", "last_written_seq", "add_seal")
    }
    for row in granted:
        assert row.proacl == "{budget_owner=X/budget_owner,budget=X/budget_owner}"


def test_nobody_calls_the_half_of_a_function(transaction, planned):
    """``keep_holds`` by itself would hold what no journal nor balance knows of."""
    keep = text("SELECT keep_holds('[]', '{}', '{}', '{}')")

    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(keep)


@pytest.mark.parametrize("change", ["UPDATE {} SET spent_pence = 0", "DELETE FROM {}"])
def test_what_of_shares_is_used_is_kept_by_the_books_alone(transaction, planned, change):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(text(change.format("agreement_shares")))


ADD_LINE = """
    SELECT book('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
                ARRAY[CAST(:journal_id AS uuid)], ARRAY[99::bigint], ARRAY[CAST(:nhs AS uuid)],
                ARRAY['paid_in'], ARRAY['available'], ARRAY[5000000::bigint], '[]')
"""


def test_no_line_is_added_to_a_journal_that_stands(transaction, planned):
    before = everything(transaction)
    with transaction() as session:
        values = {"journal_id": session.scalars(select(Journal.journal_id)).first(), "nhs": NHS}

    with pytest.raises(IntegrityError, match="written now"), transaction() as session:
        session.execute(text(ADD_LINE), values)

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

    with pytest.raises(IntegrityError, match="available can be held"), transaction() as session:
        hold = {NHS: 1, ANOTHER_NHS: 1}
        bookkeeper.book(session, a_booking(session, planned, held_pence=hold))

    assert everything(transaction) == before


@pytest.mark.parametrize(
    ("funder_id", "kind"), [(NHS, "own_money"), (NHS, "contributed"), (PERSON, "available")]
)
def test_no_account_is_opened_in_another_kind_of_book(transaction, planned, funder_id, kind):
    with transaction() as session:
        session.merge(Funder(funder_id=PERSON, kind=FunderKind.PERSON))
    opening = {
        "budget_id": uuid4(),
        "funder_ids": [funder_id],
        "kinds": [kind],
        "names": [kind],
    }

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

    with pytest.raises(BatchTooLargeError), transaction() as session:
        many = [a_booking(session, planned, spent(NHS, 1))] * 1_001
        bookkeeper.book(session, *many)

    assert everything(transaction) == before
