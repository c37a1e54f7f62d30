"""What the person pays, as the council assessed it: only what may be charged for."""

from uuid import uuid4

import pytest

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_plan,
    a_planned_budget,
    a_pool,
    agree,
    ask,
    called_by,
    everything,
    tell,
    totals,
    unanswered,
)
from tests.integration.budget.pools import (
    ANOTHER_NHS,
    a_pool_of_three,
    agreed,
    amounts_called,
    assess,
    shares_of,
)


@pytest.fixture
def planned(transaction):
    """A budget to which the person gives 20 pounds."""
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weeks=4)
    return planned


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


@pytest.mark.parametrize(
    ("legal_basis", "called"),
    [
        ("care_act", {"nhs": 50_00, "council": 30_00, "person": 20_00}),
        ("section_117", {"nhs": 50_00, "council": 50_00}),
        ("local_offer", {"nhs": 50_00, "council": 50_00}),
    ],
)
def test_only_care_under_the_care_act_is_charged_for(transaction, legal_basis, called):
    planned = a_planned_budget(transaction, legal_basis=legal_basis, joint=100_00)
    assess(transaction, planned, weekly_contribution_pence=5_00, weeks=4)

    assert amounts_called(agree(transaction, planned)) == called


def test_a_councils_share_under_section_117_is_not_charged_for_whatever_the_budgets_basis(
    transaction, planned
):
    shares = [
        *shares_of({NHS: 5_000}, legal_basis="chc"),
        *shares_of({COUNCIL: 5_000}, legal_basis="section_117"),
    ]

    called = amounts_called(agree(transaction, planned, shares=shares))

    assert called == {"nhs": 50_00, "council": 50_00}
    assert totals(transaction)["person_charge_due_pence"] == 0


def test_of_two_purposes_only_the_one_that_may_be_charged_for_is(transaction):
    """30 pounds a week for a year, and only 8 pounds of it under the Care Act."""
    planned = a_planned_budget(transaction, legal_basis="section_117", joint=100_00, council=8_00)
    assess(transaction, planned, weekly_contribution_pence=30_00)
    a_pool(transaction)
    ask(
        transaction,
        "record_agreement",
        agreement_id=str(uuid4()),
        budget_id=str(planned.budget_id),
        pool_id=str(POOL),
        purpose="council",
        starts_on="2026-11-24",
        shares=shares_of({COUNCIL: 10_000}, legal_basis="care_act"),
    )

    assert amounts_called(agree(transaction, planned)) == {
        "nhs": 50_00,
        "council": 50_00,
        "person": 8_00,
    }


def test_the_person_never_pays_for_the_nhs_part(transaction):
    planned = a_planned_budget(transaction, nhs=100_00, council=10_00)
    assess(transaction, planned, weekly_contribution_pence=100_00)

    called = amounts_called(
        agree(transaction, planned, purpose="nhs", shares=shares_of({NHS: 10_000}))
    )

    assert called == {"nhs": 100_00, "person": 10_00}


@pytest.mark.parametrize(
    ("free_weeks", "called"),
    [
        (1, {"nhs": 50_00, "council": 35_00, "person": 15_00}),
        (4, {"nhs": 50_00, "council": 50_00}),
        (53, {"nhs": 50_00, "council": 50_00}),
    ],
)
def test_the_first_weeks_may_be_free(transaction, free_weeks, called):
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weeks=4, free_weeks=free_weeks)

    assert amounts_called(agree(transaction, planned)) == called


def test_the_last_assessment_before_the_agreement_counts(transaction):
    plan = a_plan(council=100_00)
    request = {"budget_id": str(plan.budget_id), "weeks": 1}
    for weekly_pence in (9_00, 2_00):  # the first comes before the plan itself
        ask(
            transaction,
            "report_financial_assessment",
            weekly_contribution_pence=weekly_pence,
            **request,
        )
        tell(transaction, plan)
    a_pool(transaction)
    answer = ask(
        transaction,
        "record_agreement",
        agreement_id=str(uuid4()),
        budget_id=str(plan.budget_id),
        pool_id=str(POOL),
        purpose="council",
        starts_on="2026-11-24",
        shares=shares_of({COUNCIL: 10_000}),
    )

    assert amounts_called(answer) == {"council": 98_00, "person": 2_00}


def test_shares_that_were_decided_before_anything_was_called_for_are_charged_for_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00, nhs=1_00)
    assess(transaction, planned, weekly_contribution_pence=100_00)
    a_pool_of_three(transaction)
    for numerators, request in (
        ({NHS: 1, COUNCIL: 1}, {"is_disputed": True}),
        ({NHS: 6, COUNCIL: 4}, {}),
        ({ANOTHER_NHS: 1}, {"purpose": "nhs"}),
    ):
        answer = agreed(transaction, planned, numerators, agreement_id=str(uuid4()), **request)

    called = {call["funder_kind"]: call["amount_pence"] for call in answer["result"]["called"]}
    assert called["person"] == 40_00
    assert "council" not in called


def test_an_assessment_after_the_agreement_is_refused_and_nothing_is_written(
    transaction, planned, called
):
    before = unanswered(transaction)

    assert assess(transaction, planned)["refusal"]["code"] == "agreement_exists"
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly_contribution_pence": -1},
        {"weekly_contribution_pence": 1_000_001},
        {"weekly_contribution_pence": 0.5},
        {"weeks": 0},
        {"weeks": 54},
        {"free_weeks": -1},
        {"free_weeks": 54},
    ],
)
def test_an_absurd_assessment_is_refused_and_nothing_is_written(transaction, planned, wrong):
    before = everything(transaction)

    answer = assess(transaction, planned, **wrong)

    assert answer["refusal"]["code"] == "invalid_request"
    assert set(answer["refusal"]["details"]) == set(wrong)
    assert everything(transaction) == before
