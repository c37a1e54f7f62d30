"""Statements and exports, filled from the books: they add up, and the past stays what it was."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.budget.extracts import journals
from services.budget.funders.rules import FunderKind
from services.budget.holds import handlers as holds
from services.budget.holds.commands import Converge
from services.budget.reports import queries
from tests.factories import a_trace
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    agree,
    amounts_of,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    everything,
    pay_in,
    rows,
    spend,
)
from tests.integration.budget.pools import (
    ANOTHER_NHS,
    a_pool_of_three,
    agreed,
    calls_of,
)
from tests.integration.budget.reported import (
    KINDS,
    PERIOD,
    add_totals,
    broken_totals,
    now,
    pdf_of,
    read,
    report,
)

BEFORE = {"starts_on": "2026-10-01", "ends_on": "2026-11-01"}


def of(budget):
    return {"budget_id": str(budget.budget_id)}


def side(funder_id, budget=None):
    return {"funder_id": str(funder_id), **(of(budget) if budget else {})}


@pytest.fixture
def of_three(transaction):
    """A budget of two NHS bodies and a council, in which one of them has promised only."""
    a_pool_of_three(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    answer = agreed(
        transaction,
        planned,
        {NHS: 5, COUNCIL: 3, ANOTHER_NHS: 2},
        agreement_id=str(uuid4()),
    )
    calls = calls_of(answer)
    pay_in(transaction, planned, calls[NHS])
    pay_in(transaction, planned, calls[COUNCIL])
    commit(transaction, planned, calls[ANOTHER_NHS])
    return planned


@pytest.fixture
def charged(transaction):
    """A budget towards which a person was asked to pay, and has paid a part."""
    planned = a_planned_budget(transaction, joint=200_00)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=10_00,
        weeks=8,
    )
    calls = called_by(agree(transaction, planned))
    for kind in ("nhs", "council"):
        pay_in(transaction, planned, calls[kind])
    pay_in(transaction, planned, calls["person"], amount_pence=30_00)
    return planned


def test_a_person_reads_who_paid_what_it_was_spent_on_and_what_is_left(transaction, of_three):
    spend(transaction, buy(transaction, of_three, 40_00)[0], 25_00, held_pence=15_00)

    statement = read(transaction, "person_statement", **of(of_three))

    assert (statement.opening_pence, statement.closing_pence) == (0, 75_00)
    assert (statement.set_aside_pence, statement.left_pence) == (15_00, 60_00)
    assert {(one.funder_id, one.funder_name): one.amount_pence for one in statement.money_in} == {
        (NHS, "An integrated care board"): 50_00,
        (ANOTHER_NHS, "An NHS trust"): 20_00,
        (COUNCIL, "A council"): 30_00,
    }
    (item,) = statement.items
    assert (item.description, item.spent_pence) == ("Something that joint pays", 25_00)
    assert item.goal == "See people again; Sleep at night"
    assert [(one.is_money_in, one.amount_pence) for one in statement.coming] == [(False, 60_00)]


def test_a_person_reads_what_they_were_asked_to_pay_and_can_spend_it_all_the_same(
    transaction, charged
):
    spend(transaction, buy(transaction, charged, 200_00)[0], 150_00, held_pence=50_00)

    statement = read(transaction, "person_statement", **of(charged))

    asked = (
        statement.contribution_asked_pence,
        statement.contribution_paid_pence,
        statement.contribution_due_pence,
    )
    assert asked == (80_00, 30_00, 50_00)
    assert statement.closing_pence == 0
    assert (statement.set_aside_pence, statement.left_pence) == (50_00, 0)
    paid = {one.funder_kind: one.amount_pence for one in statement.money_in}
    assert paid == {
        FunderKind.NHS: 100_00,
        FunderKind.COUNCIL: 20_00,
        FunderKind.PERSON: 30_00,
    }
    (coming,) = (one for one in statement.coming if one.is_money_in)
    assert (coming.description, coming.amount_pence) == ("What you pay yourself", 50_00)


def test_the_council_reads_what_the_person_paid_and_owes(transaction, charged):
    spend(transaction, buy(transaction, charged, 100_00)[0], 60_00)

    statement = read(transaction, "funder_statement", **side(COUNCIL, charged))

    assert (statement.paid_in_pence, statement.charged_pence) == (20_00, 30_00)
    assert (statement.spent_pence, statement.closing_pence) == (30_00, 20_00)
    assert (statement.charge_due_pence, statement.left_pence) == (50_00, 70_00)


def test_a_funder_reads_its_own_side_and_what_others_advanced(transaction, of_three):
    spend(transaction, buy(transaction, of_three, 40_00)[0], 30_00, held_pence=10_00)

    host = read(transaction, "funder_statement", **side(COUNCIL, of_three))
    trust = read(transaction, "funder_statement", **side(ANOTHER_NHS, of_three))

    assert trust.funder_name == "An NHS trust"
    assert (trust.paid_in_pence, trust.spent_pence, trust.closing_pence) == (0, 6_00, -6_00)
    assert (trust.promised_pence, trust.held_pence, trust.left_pence) == (20_00, 2_00, 12_00)
    assert [(due.funder_id, due.due_to_pence) for due in trust.dues] == [(COUNCIL, 6_00)]
    assert [(due.funder_id, due.due_from_pence) for due in host.dues] == [(ANOTHER_NHS, 6_00)]
    assert (host.spent_pence, host.closing_pence) == (9_00, 21_00)
    assert [(line.kind, line.amount_pence) for line in trust.lines] == [("capture", -6_00)]


def test_a_refund_and_what_came_back_beyond_it_do_not_upset_a_statement(transaction, of_three):
    purchase, _ = buy(transaction, of_three, 40_00)
    spend(transaction, purchase, 30_00)
    with transaction() as session:
        too_much = Converge(
            purchase_id=purchase.purchase_id,
            version=2,
            held_pence=0,
            posted_pence=0,
            unmatched_pence=5_00,
        )
        holds.converge(too_much, session=session, trace=a_trace())

    host = read(transaction, "funder_statement", **side(COUNCIL, of_three))

    assert (host.spent_pence, host.otherwise_pence, host.closing_pence) == (0, 0, 30_00)
    assert [line.amount_pence for line in host.lines] == [30_00, -9_00, 9_00]


def test_more_than_there_was_is_told(transaction):
    active = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, active, 100_00)[0], 130_00)

    statement = read(transaction, "person_statement", **of(active))
    own = read(transaction, "funder_statement", **side(NHS, active))

    assert (statement.closing_pence, statement.overspent_pence) == (-30_00, 30_00)
    assert (own.closing_pence, own.overspent_pence, own.left_pence) == (-15_00, 15_00, 0)


def test_a_funder_reads_of_all_its_budgets_at_once(transaction):
    one, other = (an_active_budget(transaction, joint=100_00) for _ in range(2))
    spend(transaction, buy(transaction, one, 40_00)[0], 40_00)

    statement = read(transaction, "funder_statement", **side(NHS))

    assert (statement.paid_in_pence, statement.spent_pence) == (100_00, 20_00)
    assert {line.budget_id for line in statement.lines} == {one.budget_id, other.budget_id}


@pytest.mark.parametrize("are_totals_added", [False, True])
def test_the_auditor_gets_every_journal_and_books_in_balance(
    transaction, of_three, are_totals_added
):
    spend(transaction, buy(transaction, of_three, 40_00)[0], 25_00, held_pence=15_00)
    if are_totals_added:
        add_totals(transaction)

    whole = read(transaction, "auditor_statement")
    own = read(transaction, "auditor_statement", **of(of_three))

    assert own.trial_balance == whole.trial_balance
    assert len(whole.journals) == rows(transaction, "SELECT count(*) FROM journals")[0][0] == 4
    assert len(whole.postings) == rows(transaction, "SELECT count(*) FROM postings")[0][0]
    balances = {(one.funder_id, one.account): one.closing_pence for one in whole.trial_balance}
    assert balances[ANOTHER_NHS, "due_to E06000001"] == 5_00
    assert balances[COUNCIL, "due_from RVJ01"] == -5_00
    assert [one.seal_number for one in whole.journals] == [None] * 4


def test_an_export_is_of_one_funder_of_one_budget_or_of_all(transaction, of_three):
    other = an_active_budget(transaction, joint=50_00)

    def exported(**scope):
        answer = report(transaction, "journals_export", form="csv", **scope)
        return list(csv.DictReader(io.StringIO(answer["result"]["content"], newline="")))

    assert len(exported()) == 5
    assert {row["budget_id"] for row in exported(**of(other))} == {str(other.budget_id)}
    trust = exported(**side(ANOTHER_NHS))
    assert [(row["funder_name"], row["debit_account"], row["amount_pence"]) for row in trust] == [
        ("An NHS trust", "promised", "2000")
    ]


def test_what_is_effective_on_another_day_is_opening_or_not_there(transaction, of_three):
    statement = read(transaction, "funder_statement", **side(NHS, of_three), **BEFORE)
    later = read(
        transaction,
        "funder_statement",
        **side(NHS, of_three),
        starts_on="2026-11-25",
        ends_on="2026-11-26",
    )

    assert (statement.closing_pence, statement.lines) == (0, ())
    assert (later.opening_pence, later.closing_pence, later.lines) == (50_00, 50_00, ())


@pytest.mark.parametrize("are_totals_added", [False, True])
@pytest.mark.parametrize("operation", sorted(KINDS))
def test_the_past_stays_what_it_was(transaction, of_three, operation, are_totals_added):
    purchase, _ = buy(transaction, of_three, 40_00)
    scope = side(NHS) if operation == "funder_statement" else of(of_three)
    first = report(transaction, operation, form="csv", **scope)["result"]
    then = {"known_at": first["known_at"]}
    without_coming = [row for row in first["content"].splitlines() if "coming" not in row]

    spend(transaction, purchase, 10_00, held_pence=5_00)
    spend(transaction, buy(transaction, of_three, 20_00)[0], 20_00)
    if are_totals_added:
        add_totals(transaction)

    again = report(transaction, operation, form="csv", **scope, **then)["result"]
    today = report(transaction, operation, form="csv", **scope)["result"]
    assert [row for row in again["content"].splitlines() if "coming" not in row] == without_coming
    assert again["known_at"] == first["known_at"]
    assert today["content"] != first["content"]


def test_what_is_being_written_is_not_known_yet_and_nobody_waits_for_it(transaction, of_three):
    """Else it would be missing now, and be there when the same is asked again."""
    purchase, _ = buy(transaction, of_three, 40_00)
    event = amounts_of(purchase, version=1, posted_pence=40_00)
    command = Converge(
        purchase_id=event.purchase_id,
        version=1,
        held_pence=0,
        posted_pence=40_00,
        unmatched_pence=0,
    )
    with transaction() as session:
        holds.converge(command, session=session, trace=a_trace())
        written_at = session.scalar(text("SELECT max(recorded_at) FROM journals"))

        meanwhile = report(transaction, "auditor_statement", **of(of_three))["result"]

    assert datetime.fromisoformat(meanwhile["known_at"]) < written_at
    assert '"kind":"capture"' not in meanwhile["content"]
    known_at = meanwhile["known_at"]
    again = report(transaction, "auditor_statement", **of(of_three), known_at=known_at)["result"]
    assert again["content"] == meanwhile["content"]
    now_known = report(transaction, "auditor_statement", **of(of_three))["result"]
    assert '"kind":"capture"' in now_known["content"]


def test_an_instant_to_come_is_taken_for_now(transaction, of_three):
    later = now(transaction) + timedelta(days=1)

    statement = read(transaction, "person_statement", **of(of_three), known_at=later.isoformat())

    assert statement.known_at < later


@pytest.mark.parametrize("form", ["json", "csv", "pdf"])
@pytest.mark.parametrize("operation", sorted(KINDS.keys() - {"journals_export"}))
def test_a_statement_comes_in_each_form_under_a_name_that_names_nobody(
    transaction, of_three, operation, form
):
    scope = side(NHS, of_three) if operation == "funder_statement" else of(of_three)
    months = {"starts_on": "2026-11-01", "ends_on": "2026-12-01"}

    answer = report(transaction, operation, form=form, **scope, **months)

    told = answer["result"]
    name = operation.replace("_", "-")
    assert told["file_name"] == f"{name}-2026-11-01-to-2026-11-30.{form}"
    assert told["media_type"].startswith(("application/", "text/csv"))
    if form == "pdf":
        assert pdf_of(answer).startswith(b"%PDF")
    else:
        assert told["encoding"] == "text"


@pytest.mark.parametrize(
    ("operation", "changes", "code"),
    [
        ("person_statement", {"budget_id": str(uuid4())}, "budget_not_found"),
        ("auditor_statement", {"budget_id": str(uuid4())}, "budget_not_found"),
        ("journals_export", {"budget_id": str(uuid4())}, "budget_not_found"),
        ("funder_statement", {"funder_id": str(uuid4())}, "funder_not_found"),
        (
            "funder_statement",
            {"funder_id": str(NHS), "budget_id": str(uuid4())},
            "budget_not_found",
        ),
        ("auditor_statement", {"ends_on": PERIOD["starts_on"]}, "period_wrong"),
        ("auditor_statement", {"known_at": "2026-11-24T10:00:00"}, "invalid_request"),
        ("auditor_statement", {"known_at": "0001-01-01T00:00:00+23:00"}, "invalid_request"),
        ("auditor_statement", {"starts_on": "0001-01-01"}, "invalid_request"),
        ("auditor_statement", {"form": "xml"}, "invalid_request"),
        ("journals_export", {"form": "pdf"}, "invalid_request"),
        ("person_statement", {}, "invalid_request"),
    ],
)
def test_what_cannot_be_told_is_refused_and_changes_nothing(
    transaction, of_three, operation, changes, code
):
    before = everything(transaction)

    answer = report(transaction, operation, **changes)

    assert answer["refusal"]["code"] == code
    assert everything(transaction) == before


def test_a_person_is_no_organisation(transaction, charged):
    ((person_id,),) = rows(transaction, "SELECT funder_id FROM funders WHERE kind = 'person'")

    answer = report(transaction, "funder_statement", **side(person_id))

    assert answer["refusal"]["code"] == "funder_not_found"


def test_what_no_message_could_hold_is_refused(transaction, of_three, monkeypatch):
    monkeypatch.setattr(queries, "MOST_BYTES", 1_000)
    by_size = report(transaction, "auditor_statement")
    monkeypatch.setattr(journals, "MOST_ROWS", 2)
    by_rows = report(transaction, "auditor_statement")

    for answer in (by_size, by_rows):
        assert answer["refusal"]["code"] == "statement_too_large"
        assert answer["refusal"]["next_step"] == "Ask for a shorter period."


def test_what_is_held_is_remembered(transaction, of_three):
    purchase, _ = buy(transaction, of_three, 40_00)
    spend(transaction, purchase, 0, held_pence=20_00)
    spend(transaction, purchase, 10_00, held_pence=0, version=2)

    remembered = rows(
        transaction,
        "SELECT held_pence FROM held_amounts WHERE funder_id = :nhs ORDER BY place",
        nhs=NHS,
    )
    assert remembered == [(20_00,), (10_00,), (0,)]
    assert broken_totals(transaction) == []
