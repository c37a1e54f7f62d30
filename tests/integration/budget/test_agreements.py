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


# Plans


def test_a_plan_that_is_told_again_in_any_version_opens_no_second_budget(transaction):
    plan = a_plan(joint=100_00)
    tell(transaction, plan)
    after_the_first = everything(transaction, apart_from=("inbox",))

    assert tell(transaction, plan) == "duplicate"
    tell(transaction, a_plan(version=2, budget_id=plan.budget_id, joint=200_00))

    assert everything(transaction, apart_from=("inbox",)) == after_the_first


# Agreements


def test_a_share_of_nothing_is_not_called_for(transaction):
    planned = a_planned_budget(transaction, joint=100_00)

    assert amounts_called(agree(transaction, planned, nhs_share=10_000)) == {"nhs": 100_00}


@pytest.mark.parametrize(
    ("shares_basis_points", "code"),
    [
        ({"nhs": 5_000, "council": 4_999}, "shares_not_whole"),
        ({"nhs": 12_000, "council": -2_000}, "shares_not_whole"),
        ({"nhs": 10_000}, "invalid_request"),
        ({"nhs": 5_000.0, "council": 5_000}, "invalid_request"),
        ({"nhs": 5_000, "council": 4_000, "person": 1_000}, "invalid_request"),
    ],
)
def test_shares_that_are_not_whole_are_refused_and_nothing_is_written(
    transaction, shares_basis_points, code
):
    planned = a_planned_budget(transaction, joint=100_00)
    before = unanswered(transaction)

    answer = agree(transaction, planned, shares_basis_points=shares_basis_points)

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_shares_are_agreed_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    agree(transaction, planned)
    before = unanswered(transaction)

    assert agree(transaction, planned, nhs_share=6_000)["refusal"]["code"] == "agreement_exists"
    assert unanswered(transaction) == before


def test_an_agreement_on_a_plan_that_has_not_arrived_is_asked_for_again(transaction):
    plan = a_plan(joint=100_00)
    request = {
        "command_id": uuid4(),
        "agreement_id": str(uuid4()),
        "budget_id": str(plan.budget_id),
        "shares_basis_points": {"nhs": 5_000, "council": 5_000},
    }
    before = everything(transaction)

    refused = ask(transaction, "record_agreement", **request)
    assert refused["refusal"]["code"] == "not_known_yet"
    assert everything(transaction) == before

    tell(transaction, plan)
    assert amounts_called(ask(transaction, "record_agreement", **request)) == {
        "nhs": 50_00,
        "council": 50_00,
    }


def test_an_agreements_id_belongs_to_one_budget(transaction):
    agreement_id = str(uuid4())
    agree(transaction, a_planned_budget(transaction, joint=1_00), agreement_id=agreement_id)
    another = a_planned_budget(transaction, joint=1_00)
    before = everything(transaction)

    answer = agree(transaction, another, agreement_id=agreement_id)

    assert answer["refusal"]["code"] == "id_reused"
    assert everything(transaction) == before


def test_a_command_that_comes_again_gets_its_first_answer(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    request = {"command_id": uuid4(), "agreement_id": str(uuid4())}
    first = agree(transaction, planned, **request)
    before = everything(transaction)

    assert agree(transaction, planned, **request) == first
    assert agree(transaction, planned, nhs_share=1, **request)["refusal"]["code"] == "id_reused"
    assert everything(transaction) == before


