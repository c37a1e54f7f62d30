"""Shares agreed, contributions called and paid in; and everything that is refused."""

from uuid import uuid4

import pytest

from tests.integration.budget.budgets import (
    a_plan,
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    called_by,
    everything,
    pay_in,
    statement_of,
    tell,
    told,
    unanswered,
)


def assess(transaction, planned, *, weekly_contribution_pence=5_00, weeks=52):
    return ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=weekly_contribution_pence,
        weeks=weeks,
    )


def amounts_called(answer):
    return {funder_id: call["amount_pence"] for funder_id, call in called_by(answer).items()}


# The person's part


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


def test_the_person_never_pays_for_the_nhs_part(transaction):
    planned = a_planned_budget(transaction, nhs=100_00, council=10_00)
    assess(transaction, planned, weekly_contribution_pence=100_00)

    called = amounts_called(agree(transaction, planned))

    assert called == {"nhs": 100_00, "person": 10_00}


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
    answer = ask(
        transaction,
        "record_agreement",
        agreement_id=str(uuid4()),
        budget_id=str(plan.budget_id),
        shares_basis_points={"nhs": 5_000, "council": 5_000},
    )

    assert amounts_called(answer) == {"council": 98_00, "person": 2_00}


def test_an_assessment_after_the_agreement_is_refused_and_nothing_is_written(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    agree(transaction, planned)
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
    ],
)
def test_an_absurd_assessment_is_refused_and_nothing_is_written(transaction, wrong):
    planned = a_planned_budget(transaction, joint=100_00)
    before = everything(transaction)

    answer = assess(transaction, planned, **wrong)

    assert answer["refusal"]["code"] == "invalid_request"
    assert set(answer["refusal"]["details"]) == set(wrong)
    assert everything(transaction) == before


