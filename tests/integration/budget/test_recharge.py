"""What funders owe one another: invoiced by month, settled by a payment, found by the verifier."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.budget import verify
from services.budget.accounts import bookkeeper
from services.budget.accounts.models import JournalKind
from services.budget.periods.models import Period
from services.budget.periods.rules import PeriodState
from services.budget.settlement import rules as settlement_rules
from services.budget.settlement.rules import Debt, Party
from tests.factories import a_trace
from tests.integration.budget.between_funders import (
    CODES,
    FIRST_OF_DECEMBER,
    FIRST_OF_JANUARY,
    a_budget_the_nhs_only_committed,
    a_debt_to_the_council,
    a_debt_to_the_nhs,
    balances,
    look_up,
    run,
    settle,
    the_invoice,
)
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_planned_budget,
    a_pool,
    agree,
    buy,
    called_by,
    commit,
    everything,
    pay_in,
    rows,
    spend,
    statement_of,
    told,
    totals,
    unanswered,
)


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(verified):
    """By the whole verifier: what conftest asks does not know settlements."""


def test_what_the_host_advanced_for_another_is_invoiced_at_the_end_of_the_month(transaction):
    planned = a_debt_to_the_council(transaction, 25_00)

    answer = run(transaction)

    assert the_invoice(answer) | {"invoice_id": "any"} == {
        "invoice_id": "any",
        "debtor_id": str(NHS),
        "creditor_id": str(COUNCIL),
        "owed_pence": 25_00,
        "owed_back_pence": 0,
        "net_pence": 25_00,
    }
    lines = look_up(transaction, "recharge_lines", invoice_id=the_invoice(answer)["invoice_id"])
    assert lines["lines"] == [
        {
            "budget_id": str(planned.budget_id),
            "debtor_id": str(NHS),
            "creditor_id": str(COUNCIL),
            "amount_pence": 25_00,
            "is_settled": False,
        }
    ]
    assert lines["next_after_budget_id"] is None


def test_both_ways_are_netted_over_all_budgets_and_kept_beside_the_net(transaction):
    a_debt_to_the_council(transaction, 25_00)
    a_debt_to_the_council(transaction, 10_01)
    a_debt_to_the_nhs(transaction, 12_00)

    invoice = the_invoice(run(transaction))

    assert (invoice["debtor_id"], invoice["creditor_id"]) == (str(NHS), str(COUNCIL))
    assert invoice["owed_pence"] == 35_01
    assert invoice["owed_back_pence"] == 12_00
    assert invoice["net_pence"] == 23_01


def test_an_invoice_is_told_to_whoever_listens(transaction):
    a_debt_to_the_council(transaction, 25_00)

    answer = run(transaction)

    (event,) = told(transaction, event_type="budget.recharge_invoiced.v1")
    assert event == {
        "type": "recharge_invoiced",
        "invoice_id": the_invoice(answer)["invoice_id"],
        "run_id": answer["result"]["run_id"],
        "pool_id": str(POOL),
        "from_funder_id": str(NHS),
        "to_funder_id": str(COUNCIL),
        "month": "2026-11",
        "net_pence": 25_00,
        "due_on": "2026-12-31",
    }


def test_what_comes_to_nothing_is_nobodys_invoice_to_pay_and_is_set_off(transaction):
    advanced = a_debt_to_the_council(transaction, 12_00)
    decided = a_debt_to_the_nhs(transaction, 12_00)

    answer = run(transaction)

    invoice = the_invoice(answer)
    assert (invoice["owed_pence"], invoice["owed_back_pence"]) == (12_00, 12_00)
    assert told(transaction, event_type="budget.recharge_invoiced.v1") == []
    assert settle(transaction, answer, bank_reference="set off")["result"]["is_all"]
    for planned in (advanced, decided):
        assert not [name for name in balances(transaction, planned) if " due_" in name]


def test_a_run_asked_for_twice_gives_the_same_answer_and_writes_once(transaction):
    a_debt_to_the_council(transaction, 25_00)
    run_id = uuid4()
    first = run(transaction, run_id=run_id)
    settle(transaction, first)
    before = unanswered(transaction)

    assert run(transaction, run_id=run_id) == first
    assert unanswered(transaction) == before


def test_a_month_takes_what_is_due_by_effective_date_and_in_no_run_before(transaction):
    a_debt_to_the_council(transaction, 25_00)
    october = run(transaction, month="2026-10")
    november = run(transaction)
    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)

    assert october["result"]["invoices"] == []
    assert the_invoice(november)["net_pence"] == 25_00
    assert december["result"]["invoices"] == []


def test_what_is_settled_does_not_come_back_in_the_next_month(transaction):
    planned = a_debt_to_the_council(transaction, 25_00)
    settle(transaction, run(transaction))
    purchase, _ = buy(transaction, planned, 14_00)
    spend(transaction, purchase, 14_00)

    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)

    assert the_invoice(december)["net_pence"] == 7_00


def test_what_is_not_settled_is_not_invoiced_again(transaction):
    planned = a_debt_to_the_council(transaction, 25_00)
    run(transaction)
    purchase, _ = buy(transaction, planned, 14_00)
    spend(transaction, purchase, 14_00)

    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)

    assert the_invoice(december)["net_pence"] == 7_00


def test_a_refund_of_what_was_settled_is_owed_the_other_way(transaction):
    planned = a_budget_the_nhs_only_committed(transaction, joint=200_00)
    purchase, _ = buy(transaction, planned, 50_00)
    spend(transaction, purchase, 50_00)
    settle(transaction, run(transaction))
    spend(transaction, purchase, 30_00, version=2)

    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)

    invoice = the_invoice(december)
    assert (invoice["debtor_id"], invoice["net_pence"]) == (str(COUNCIL), 10_00)
    settle(transaction, december, bank_reference="BACS back", at=FIRST_OF_JANUARY)
    assert balances(transaction, planned) == {
        "E06000001 paid_in": -100_00,
        "E06000001 available": 85_00,
        "E06000001 paid_out": 30_00,
        "E06000001 settled QHM01": -15_00,
        "QHM01 paid_in": -25_00,
        "QHM01 promised": -75_00,
        "QHM01 available": 85_00,
        "QHM01 settled E06000001": 15_00,
    }


def test_a_settlement_moves_debts_to_what_was_settled_and_changes_nobodys_spending(transaction):
    planned = a_debt_to_the_council(transaction, 25_00)
    before = totals(transaction)
    assert balances(transaction, planned) == {
        "E06000001 paid_in": -50_00,
        "E06000001 available": 25_00,
        "E06000001 paid_out": 50_00,
        "E06000001 due_from QHM01": -25_00,
        "QHM01 promised": -50_00,
        "QHM01 available": 25_00,
        "QHM01 due_to E06000001": 25_00,
    }

    answer = settle(transaction, run(transaction))

    assert answer["result"] | {"invoice_id": "any"} == {
        "invoice_id": "any",
        "net_pence": 25_00,
        "budgets": 1,
        "promises_kept_pence": 25_00,
        "is_all": True,
    }
    assert balances(transaction, planned) == {
        "E06000001 paid_in": -50_00,
        "E06000001 available": 25_00,
        "E06000001 paid_out": 50_00,
        "E06000001 settled QHM01": -25_00,
        "QHM01 paid_in": -25_00,
        "QHM01 promised": -25_00,
        "QHM01 available": 25_00,
        "QHM01 settled E06000001": 25_00,
    }
    after = totals(transaction)
    for figure in ("spent_pence", "funded_pence", "overspent_pence", "refunded_pence"):
        assert after[figure] == before[figure]


def test_whoever_settled_is_asked_only_for_the_rest_of_its_contribution(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["council"])
    commit(transaction, planned, calls["nhs"])
    purchase, _ = buy(transaction, planned, 40_00)
    spend(transaction, purchase, 40_00)

    settle(transaction, run(transaction))

    (of_nhs,) = (
        one
        for one in statement_of(transaction, planned)["contributions"]
        if one["funder_kind"] == "nhs"
    )
    assert (of_nhs["amount_pence"], of_nhs["received_pence"]) == (50_00, 20_00)
    whole = pay_in(transaction, planned, calls["nhs"])
    assert whole["refusal"]["code"] == "contribution_differs"
    rest = pay_in(transaction, planned, calls["nhs"], amount_pence=30_00)
    assert rest == {"result": {"is_active": True}}


def test_what_was_paid_in_already_settles_without_keeping_a_promise(transaction):
    planned = a_debt_to_the_nhs(transaction, 12_00)

    answer = settle(transaction, run(transaction))

    assert answer["result"]["promises_kept_pence"] == 0
    found = balances(transaction, planned)
    assert found["E06000001 settled QHM01"] == 12_00
    assert found["QHM01 settled E06000001"] == -12_00


def test_no_more_promises_are_kept_than_is_paid(transaction):
    a_debt_to_the_council(transaction, 25_00)
    a_debt_to_the_nhs(transaction, 12_00)

    answer = settle(transaction, run(transaction))

    assert answer["result"]["net_pence"] == 13_00
    assert answer["result"]["promises_kept_pence"] == 13_00


def test_many_budgets_are_settled_some_at_a_time_and_the_answer_says_so(transaction, monkeypatch):
    monkeypatch.setattr("services.budget.settlement.handlers.MOST_BUDGETS", 2)
    monkeypatch.setattr("services.budget.recharge.debts.BUDGETS_AT_ONCE", 2)
    monkeypatch.setattr("services.budget.recharge.queries.BUDGETS_AT_ONCE", 2)
    for pence in range(1, 6):
        a_debt_to_the_council(transaction, pence)
    answer = run(transaction)
    invoice = the_invoice(answer)
    assert (answer["result"]["lines"], invoice["net_pence"]) == (5, 15)

    first = settle(transaction, answer)["result"]
    assert (first["budgets"], first["is_all"]) == (2, False)
    assert states(transaction) == ["being_settled"]
    assert settled_lines(transaction, invoice) == [True, True, False, False, False]
    other = settle(transaction, answer, bank_reference="BACS other")
    assert other["refusal"]["code"] == "already_settled"

    rest = [settle(transaction, answer)["result"] for _ in range(3)]
    assert [(one["budgets"], one["is_all"]) for one in rest] == [(2, False), (1, True), (0, True)]
    assert states(transaction) == ["settled"]


def states(transaction):
    asked = look_up(transaction, "recharge", pool_id=str(POOL), on="2027-01-20")
    return [invoice["state"] for told_run in asked["runs"] for invoice in told_run["invoices"]]


def settled_lines(transaction, invoice):
    """Return of each line, page by page, whether it is settled."""
    found, page = [], {"next_after_budget_id": None}
    while True:
        page = look_up(
            transaction,
            "recharge_lines",
            invoice_id=invoice["invoice_id"],
            after_budget_id=page["next_after_budget_id"],
        )
        found += [line["is_settled"] for line in page["lines"]]
        if page["next_after_budget_id"] is None:
            return found


def test_the_pool_sees_what_is_open_and_how_old_it_is(transaction):
    a_debt_to_the_council(transaction, 25_00)
    run(transaction)

    seen = look_up(transaction, "recharge", pool_id=str(POOL), on="2027-01-20")

    assert seen["open_pence"] == 25_00
    (told_run,) = seen["runs"]
    assert (told_run["month"], told_run["due_on"]) == ("2026-11", "2026-12-31")
    invoice = the_invoice({"result": told_run})
    assert (invoice["state"], invoice["days_open"], invoice["days_overdue"]) == ("open", 50, 20)


def test_what_is_settled_has_no_age(transaction):
    a_debt_to_the_council(transaction, 25_00)
    settle(transaction, run(transaction))

    seen = look_up(transaction, "recharge", pool_id=str(POOL), on="2027-01-20")

    invoice = the_invoice({"result": seen["runs"][0]})
    assert seen["open_pence"] == 0
    assert (invoice["state"], invoice["days_open"], invoice["days_overdue"]) == (
        "settled",
        None,
        None,
    )
    assert invoice["bank_reference"] == "BACS 4711"


def test_an_invoice_that_is_paid_twice_under_one_reference_is_settled_once(transaction):
    a_debt_to_the_council(transaction, 25_00)
    answer = run(transaction)
    settle(transaction, answer)
    before = unanswered(transaction)

    again = settle(transaction, answer)["result"]

    assert (again["budgets"], again["promises_kept_pence"], again["is_all"]) == (0, 0, True)
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_pence": 24_99}, "partly_paid"),
        ({"amount_pence": 25_01}, "overpaid"),
        ({"amount_pence": -1}, "invalid_request"),
        ({"bank_reference": ""}, "invalid_request"),
        ({"debtor_id": str(COUNCIL), "creditor_id": str(NHS)}, "not_invoiced"),
        ({"debtor_id": str(uuid4())}, "not_invoiced"),
        ({"run_id": str(uuid4())}, "run_not_found"),
    ],
)
def test_a_payment_that_is_not_what_is_due_changes_not_one_row(transaction, changes, code):
    a_debt_to_the_council(transaction, 25_00)
    answer = run(transaction)
    before = unanswered(transaction)

    refused = settle(transaction, answer, **changes)

    assert refused["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_a_settled_invoice_refuses_another_payment_and_its_payment_no_other_month(transaction):
    a_debt_to_the_council(transaction, 25_00)
    november = run(transaction)
    settle(transaction, november)
    a_debt_to_the_council(transaction, 7_00)
    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)
    before = unanswered(transaction)

    second = settle(transaction, november, bank_reference="BACS other")
    of_another = settle(transaction, december)

    assert second["refusal"]["code"] == "already_settled"
    assert of_another["refusal"]["code"] == "reference_used"
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "already_run"),
        ({"month": "2026-10"}, "later_month_run"),
        ({"month": "2026-12"}, "month_not_over"),
        ({"month": "2026-13"}, "invalid_request"),
        ({"month": "2026-1-1"}, "invalid_request"),
        ({"month": "9999-12"}, "invalid_request"),
        ({"pool_id": uuid4()}, "pool_not_found"),
    ],
)
def test_a_month_that_cannot_be_run_changes_not_one_row(transaction, asked, code):
    a_debt_to_the_council(transaction, 25_00)
    run(transaction)
    before = unanswered(transaction)

    refused = run(transaction, **asked)

    assert refused["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_the_last_day_of_a_month_is_not_its_end(transaction):
    a_pool(transaction)

    refused = run(transaction, at=FIRST_OF_DECEMBER.replace(month=11, day=30, hour=23))

    assert refused["refusal"]["code"] == "month_not_over"


def test_a_run_id_is_of_one_month(transaction):
    a_pool(transaction)
    run_id = uuid4()
    run(transaction, run_id=run_id)

    refused = run(transaction, run_id=run_id, month="2026-12", at=FIRST_OF_JANUARY)

    assert refused["refusal"]["code"] == "id_reused"


def test_books_that_disagree_are_counted_and_nothing_is_invoiced(transaction, owners, emptied):
    for _ in range(2):
        planned = a_debt_to_the_council(transaction, 25_00)
    a_debt_to_the_council(transaction, 10_00)
    forged = """
        UPDATE postings SET amount_pence = amount_pence - 1 FROM accounts AS a, journals AS j
        WHERE a.account_id = debit_account_id AND a.kind = 'due_from'
          AND j.journal_id = postings.journal_id AND j.budget_id = :budget_id
    """
    with owners("budget").begin() as connection:
        connection.execute(text("ALTER TABLE postings DISABLE TRIGGER USER"))
        connection.execute(text(forged), {"budget_id": planned.budget_id})
        connection.execute(text("ALTER TABLE postings ENABLE TRIGGER USER"))
    before = everything(transaction, apart_from=("answered_commands",))

    refused = run(transaction)["refusal"]

    assert (refused["code"], refused["details"]) == ("books_disagree", {"budgets": 1})
    assert unanswered(transaction) == before
    emptied("budget")


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("recharge", {"pool_id": str(uuid4()), "on": "2027-01-20"}, "pool_not_found"),
        ("recharge_lines", {"invoice_id": str(uuid4())}, "invoice_not_found"),
    ],
)
def test_what_is_not_there_cannot_be_looked_up(transaction, operation, request_, code):
    assert look_up(transaction, operation, **request_)["code"] == code


def test_the_service_may_not_change_what_a_run_found(transaction):
    a_debt_to_the_council(transaction, 25_00)
    run(transaction)

    for statement in (
        "UPDATE recharge_lines SET amount_pence = 1",
        "UPDATE recharge_invoices SET net_pence = 1",
        "DELETE FROM recharge_invoices",
        "DELETE FROM recharge_runs",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            rows(transaction, statement)


def test_nothing_is_settled_on_a_day_for_which_the_books_are_closing(transaction):
    a_debt_to_the_council(transaction, 25_00)
    answer = run(transaction)
    with transaction() as session:
        december = Period(
            period_id=uuid4(),
            pool_id=POOL,
            starts_on=FIRST_OF_DECEMBER.date(),
            ends_on=FIRST_OF_JANUARY.date(),
            state=PeriodState.CLOSING,
        )
        session.add(december)
    before = unanswered(transaction)

    refused = settle(transaction, answer)

    assert refused["refusal"]["code"] == "period_closed"
    assert unanswered(transaction) == before


CHANGE_WHAT_WAS_SETTLED = """
    UPDATE postings SET amount_pence = 1
    WHERE credit_account_id IN (SELECT account_id FROM accounts WHERE kind = 'settled')
"""


def as_owner(owners, sql):
    """Change rows as somebody could who has got hold of the server."""
    with owners("budget").begin() as connection:
        for table in ("journals", "postings"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        assert connection.execute(text(sql)).rowcount, sql
        for table in ("journals", "postings"):
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE recharge_lines SET amount_pence = amount_pence + 1", "the sum of its lines"),
        ("UPDATE recharge_invoices SET settled_at = NULL", "wholly settled or still open"),
        (
            "UPDATE recharge_invoices SET settled_until = NULL, settled_at = NULL",
            "what was settled has one journal",
        ),
        (
            "UPDATE journals SET source_id = gen_random_uuid() WHERE kind = 'settlement'",
            "each journal has its cause",
        ),
        (CHANGE_WHAT_WAS_SETTLED, "what one funder settled is what the other got"),
        ("GRANT DELETE ON recharge_lines TO budget", "changes nothing of what runs"),
    ],
)
def test_the_verifier_finds_what_was_forged_between_funders(
    transaction, owners, emptied, sql, rule
):
    a_debt_to_the_council(transaction, 25_00)
    settle(transaction, run(transaction))

    as_owner(owners, sql)

    with transaction() as session:
        assert [found for found in verify.findings(session) if rule in found]
    as_owner(owners, "REVOKE DELETE ON recharge_lines FROM budget")
    emptied("budget")


def test_the_verifier_finds_what_was_settled_twice(transaction, emptied):
    planned = a_debt_to_the_council(transaction, 25_00)
    invoice = settle(transaction, run(transaction))["result"]
    parties = [Party(funder_id=funder_id, code=CODES[funder_id]) for funder_id in (NHS, COUNCIL)]
    once_more = Debt(debtor=parties[0], creditor=parties[1], amount_pence=25_00)
    with transaction() as session:
        booking = bookkeeper.todays_booking(
            planned.budget_id,
            kind=JournalKind.SETTLEMENT,
            source_id=UUID(invoice["invoice_id"]),
            reason="Once more.",
            entries=settlement_rules.settlement_entries([once_more]),
            trace=a_trace(),
        )
        bookkeeper.book(session, booking)

    with transaction() as session:
        found = [line for line in verify.findings(session) if "one journal in each" in line]
    assert len(found) == 2  # one for each book
    emptied("budget")
