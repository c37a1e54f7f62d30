"""What the database itself refuses, whoever asks and however they ask."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from services.budget.accounts import bookkeeper
from services.budget.accounts.models import Account, Journal, Posting
from services.budget.accounts.rules import (
    AccountKind,
)
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind
from tests.integration.budget.bookings import account_of
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    an_active_budget,
    everything,
)

PERSON = UUID(int=8)
CHANGES = [
    "UPDATE {table} SET journal_id = gen_random_uuid()",
    "DELETE FROM {table}",
]
HISTORY = pytest.mark.parametrize("table", ["journals", "postings"])
BOOKS = pytest.mark.parametrize("table", ["accounts", "balances", "journals", "postings"])


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, joint=100_00)


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

    refused = "only_council_charges|of_its_book"
    with pytest.raises(IntegrityError, match=refused), as_owner() as session:
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
        *("book", "open_books", "purchase_as_it_stands", "add_seal"),
        *("soft_close_period", "close_period", "reopen_period", "add_totals"),
    }
    for row in granted:
        assert row.proacl == "{budget_owner=X/budget_owner,budget=X/budget_owner}"


def test_nobody_calls_the_half_of_a_function(transaction, planned):
    """``keep_holds`` by itself would hold what no journal nor balance knows of."""
    nothing = ", ".join(["'{}'"] * len(bookkeeper.HOLDS | bookkeeper.PORTIONS))
    keep = text(f"SELECT keep_holds({nothing})")

    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(keep)


@pytest.mark.parametrize("change", ["UPDATE {} SET spent_pence = 0", "DELETE FROM {}"])
def test_what_of_shares_is_used_is_kept_by_the_books_alone(transaction, planned, change):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(text(change.format("agreement_shares")))


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
