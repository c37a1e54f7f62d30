"""Month after month of random spending and refunds: what is settled is what was spent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.budget import verify
from tests.integration.budget.between_funders import (
    FIRST_OF_DECEMBER,
    FIRST_OF_JANUARY,
    YEAR_IS_OVER,
    a_budget_the_nhs_only_committed,
    a_debt_to_the_nhs,
    balances,
    run,
    settle,
)
from tests.integration.budget.budgets import buy, paid_by, spend

MONTHS = {
    "2026-11": FIRST_OF_DECEMBER,
    "2026-12": FIRST_OF_JANUARY,
    "2027-01": YEAR_IS_OVER,
}
# Which purchase comes to cost how much, in each month; it can fall, too.
costs = st.dictionaries(
    st.integers(min_value=0, max_value=3), st.integers(min_value=0, max_value=150_00), max_size=4
)


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(verified):
    """By the whole verifier: what conftest asks does not know settlements."""


@given(months=st.lists(costs, min_size=len(MONTHS), max_size=len(MONTHS)))
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_was_spent_in_anothers_place_is_settled_to_the_penny_every_month(
    transaction, emptied, months
):
    emptied("budget")
    budgets = [a_budget_the_nhs_only_committed(transaction, joint=1_000_00) for _ in range(2)]
    decided = a_debt_to_the_nhs(transaction, 7_00)
    purchases = [buy(transaction, planned, 100_00)[0] for planned in budgets * 2]
    version = 0
    for (month, at), changes in zip(MONTHS.items(), months, strict=True):
        for number, pence in changes.items():
            version += 1
            spend(transaction, purchases[number], pence, version=version)

        answer = run(transaction, month=month, at=at)
        for invoice in answer["result"]["invoices"]:
            settle(transaction, answer, invoice=invoice, at=at, bank_reference=f"BACS {month}")

        for planned in budgets:
            found = balances(transaction, planned)
            spent_pence = paid_by(transaction, planned).get("nhs", (0, 0))[1]
            assert found.get("QHM01 settled E06000001", 0) == spent_pence
            assert not [name for name in found if " due_" in name]
        assert balances(transaction, decided)["E06000001 settled QHM01"] == 7_00
        with transaction() as session:
            assert list(verify.findings(session)) == []
