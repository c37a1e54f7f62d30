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
from tests.integration.racing import AT_ONCE, all_at_once

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


def test_of_many_runs_of_a_month_at_once_one_invoices_it(transaction):
    a_debt_to_the_council(transaction, 25_00)

    answers = all_at_once([lambda: run(transaction)] * AT_ONCE)

    assert codes(answers) == {"done": 1, "already_run": AT_ONCE - 1}
    assert len(told(transaction, event_type="budget.recharge_invoiced.v1")) == 1


def test_one_run_that_is_asked_for_many_times_at_once_has_one_answer(transaction):
    a_debt_to_the_council(transaction, 25_00)
    run_id = uuid4()

    answers = all_at_once([lambda: run(transaction, run_id=run_id)] * AT_ONCE)

    assert answers == answers[:1] * AT_ONCE
    assert rows(transaction, "SELECT count(*) FROM recharge_lines") == [(1,)]


def test_of_many_payments_for_one_invoice_one_settles_it(transaction):
    planned = a_debt_to_the_council(transaction, 25_00)
    answer = run(transaction)

    answers = all_at_once(
        [
            lambda number=number: settle(transaction, answer, bank_reference=f"BACS {number}")
            for number in range(AT_ONCE)
        ]
    )

    assert codes(answers) == {"done": 1, "already_settled": AT_ONCE - 1}
    assert balances(transaction, planned)["QHM01 settled E06000001"] == 25_00


def test_one_payment_that_is_told_many_times_at_once_settles_once(transaction, monkeypatch):
    monkeypatch.setattr("services.budget.settlement.handlers.MOST_BUDGETS", 1)
    debts = [a_debt_to_the_council(transaction, 25_00) for _ in range(4)]
    answer = run(transaction)

    answers = all_at_once([lambda: settle(transaction, answer)] * AT_ONCE)

    assert sorted(one["result"]["budgets"] for one in answers) == [0] * (AT_ONCE - 4) + [1] * 4
    for planned in debts:
        assert balances(transaction, planned)["QHM01 settled E06000001"] == 25_00


def test_spending_while_a_settlement_is_booked_is_due_in_the_next_month(transaction):
    planned = a_budget_the_nhs_only_committed(transaction, joint=400_00)
    first, _ = buy(transaction, planned, 50_00)
    spend(transaction, first, 50_00)
    purchases = [buy(transaction, planned, 10_00)[0] for _ in range(AT_ONCE - 1)]
    answer = run(transaction)

    all_at_once(
        [
            lambda: settle(transaction, answer),
            *(lambda purchase=one: spend(transaction, purchase, 10_00) for one in purchases),
        ]
    )

    found, spent_meanwhile = balances(transaction, planned), (AT_ONCE - 1) * 5_00
    assert found["QHM01 settled E06000001"] == 25_00
    assert found["QHM01 due_to E06000001"] == spent_meanwhile
    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)
    assert the_invoice(december)["net_pence"] == spent_meanwhile


def test_spending_while_a_month_is_run_is_in_that_run_or_in_the_next(transaction):
    planned = a_budget_the_nhs_only_committed(transaction, joint=400_00)
    purchases = [buy(transaction, planned, 10_00)[0] for _ in range(AT_ONCE - 1)]

    november, *_ = all_at_once(
        [
            lambda: run(transaction),
            *(lambda purchase=one: spend(transaction, purchase, 10_00) for one in purchases),
        ]
    )
    december = run(transaction, month="2026-12", at=FIRST_OF_JANUARY)

    invoices = [*november["result"]["invoices"], *december["result"]["invoices"]]
    assert sum(invoice["net_pence"] for invoice in invoices) == (AT_ONCE - 1) * 5_00


def test_of_many_sharings_of_a_year_at_once_one_moves_money(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, planned, 100_00)
    spend(transaction, purchase, 140_00)
    a_rule(transaction, parts={NHS: {"basis_points": 10_000}, COUNCIL: {"basis_points": 0}})

    answers = all_at_once([lambda: share_risk(transaction)] * AT_ONCE)

    assert codes(answers) == {"done": 1, "already_shared": AT_ONCE - 1}
    assert balances(transaction, planned)["QHM01 overspent"] == -40_00


def test_a_refund_while_a_year_is_shared_leaves_every_book_in_balance(transaction):
    planned = an_active_budget(transaction, joint=100_00, nhs=10_00)
    purchase, _ = buy(transaction, planned, 10_00, payer="nhs")
    spend(transaction, purchase, 100_00)
    a_rule(transaction, parts=HALVES)

    all_at_once(
        [
            lambda: share_risk(transaction),
            lambda: spend(transaction, purchase, 70_00, version=2),
        ]
    )

    found = balances(transaction, planned)
    # 40.00 were overspent and 30.00 came back: half of what was shared is the council's.
    assert found["QHM01 overspent"] + found["E06000001 overspent"] == -10_00
    assert found["E06000001 overspent"] in {-20_00, -5_00}
