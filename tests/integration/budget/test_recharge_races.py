"""Runs, settlements and spending at the same moment: each debt is invoiced and settled once."""

from collections import Counter
from uuid import uuid4

import pytest

from services.budget import verify
from tests.integration.budget.between_funders import (
    FIRST_OF_JANUARY,
    a_budget_the_nhs_only_committed,
    a_debt_to_the_council,
    a_rule,
    at_the_same_moment,
    balances,
    run,
    settle,
    share_risk,
    the_invoice,
)
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    an_active_budget,
    buy,
    rows,
    spend,
    told,
)

HALVES = {NHS: {"basis_points": 5_000}, COUNCIL: {"basis_points": 5_000}}


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(transaction):
    """After every test the whole verifier looks; what conftest asks does not know settlements."""
    yield
    with transaction() as session:
        assert list(verify.findings(session)) == []


def codes(answers):
    """Count what came of it: a refusal's code, or that it was done."""
    return Counter(answer.get("refusal", {"code": "done"})["code"] for answer in answers)


def test_of_eight_runs_of_a_month_at_once_one_invoices_it(transaction):
    a_debt_to_the_council(transaction, 25_00)

    answers = at_the_same_moment(*[lambda: run(transaction)] * 8)

    assert codes(answers) == {"done": 1, "already_run": 7}
    assert len(told(transaction, event_type="budget.recharge_invoiced.v1")) == 1


def test_one_run_that_is_asked_for_eight_times_at_once_has_one_answer(transaction):
    a_debt_to_the_council(transaction, 25_00)
    run_id = uuid4()

    answers = at_the_same_moment(*[lambda: run(transaction, run_id=run_id)] * 8)

    assert answers == answers[:1] * 8
    assert rows(transaction, "SELECT count(*) FROM recharge_lines") == [(1,)]


def test_of_eight_payments_for_one_invoice_one_settles_it(transaction):
    planned = a_debt_to_the_council(transaction, 25_00)
    answer = run(transaction)

    answers = at_the_same_moment(
        *[
            lambda number=number: settle(transaction, answer, bank_reference=f"BACS {number}")
            for number in range(8)
        ]
    )

    assert codes(answers) == {"done": 1, "already_settled": 7}
    assert balances(transaction, planned)["QHM01 settled E06000001"] == 25_00


def test_one_payment_that_is_told_eight_times_at_once_settles_once(transaction, monkeypatch):
    monkeypatch.setattr("services.budget.settlement.handlers.MOST_BUDGETS", 1)
    debts = [a_debt_to_the_council(transaction, 25_00) for _ in range(4)]
    answer = run(transaction)

    answers = at_the_same_moment(*[lambda: settle(transaction, answer)] * 8)

    assert sorted(one["result"]["budgets"] for one in answers) == [0] * 4 + [1] * 4
    for planned in debts:
        assert balances(transaction, planned)["QHM01 settled E06000001"] == 25_00


def test_spending_while_a_settlement_is_booked_is_due_in_the_next_month(transaction):
    planned = a_budget_the_nhs_only_committed(transaction, joint=400_00)
    first, _ = buy(transaction, planned, 50_00)
    spend(transaction, first, 50_00)
    purchases = [buy(transaction, planned, 10_00)[0] for _ in range(6)]
    answer = run(transaction)

    at_the_same_moment(
        lambda: settle(transaction, answer),
        *[lambda purchase=purchase: spend(transaction, purchase, 10_00) for purchase in purchases],
    )

    found = balances(transaction, planned)
    assert found["QHM01 settled E06000001"] == 25_00
    assert found["QHM01 due_to E06000001"] == 30_00
    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)
    assert the_invoice(december)["net_pence"] == 30_00


def test_spending_while_a_month_is_run_is_in_that_run_or_in_the_next(transaction):
    planned = a_budget_the_nhs_only_committed(transaction, joint=400_00)
    purchases = [buy(transaction, planned, 10_00)[0] for _ in range(6)]

    november, *_ = at_the_same_moment(
        lambda: run(transaction),
        *[lambda purchase=purchase: spend(transaction, purchase, 10_00) for purchase in purchases],
    )
    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)

    invoices = [*november["result"]["invoices"], *december["result"]["invoices"]]
    assert sum(invoice["net_pence"] for invoice in invoices) == 30_00


def test_of_eight_sharings_of_a_year_at_once_one_moves_money(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, planned, 100_00)
    spend(transaction, purchase, 140_00)
    a_rule(transaction, parts={NHS: {"basis_points": 10_000}, COUNCIL: {"basis_points": 0}})

    answers = at_the_same_moment(*[lambda: share_risk(transaction)] * 8)

    assert codes(answers) == {"done": 1, "already_shared": 7}
    assert balances(transaction, planned)["QHM01 overspent"] == -40_00


def test_a_refund_while_a_year_is_shared_leaves_every_book_in_balance(transaction):
    planned = an_active_budget(transaction, joint=100_00, nhs=10_00)
    purchase, _ = buy(transaction, planned, 10_00, payer="nhs")
    spend(transaction, purchase, 100_00)
    a_rule(transaction, parts=HALVES)

    at_the_same_moment(
        lambda: share_risk(transaction),
        lambda: spend(transaction, purchase, 70_00, version=2),
    )

    found = balances(transaction, planned)
    # 40.00 were overspent and 30.00 came back: half of what was shared is the council's.
    assert found["QHM01 overspent"] + found["E06000001 overspent"] == -10_00
    assert found["E06000001 overspent"] in {-20_00, -5_00}
