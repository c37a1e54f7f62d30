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


# Contributions


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=100_00)


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contribution_id": str(uuid4())}, "contribution_not_called"),
        ({"budget_id": str(uuid4())}, "contribution_not_called"),
        ({"funder_id": "council"}, "contribution_not_called"),
        ({"funder_id": "person"}, "contribution_not_called"),
        ({"funder_id": "somebody"}, "invalid_request"),
        ({"amount_pence": 49_99}, "contribution_differs"),
        ({"amount_pence": 50_01}, "contribution_differs"),
        ({"amount_pence": 10**30}, "contribution_differs"),
        ({"amount_pence": 0}, "invalid_request"),
        ({"amount_pence": -50_00}, "invalid_request"),
        ({"amount_pence": "5000"}, "invalid_request"),
        ({"bank_reference": ""}, "invalid_request"),
        ({"bank_reference": "x" * 141}, "invalid_request"),
    ],
)
def test_a_contribution_that_was_not_called_for_is_refused_and_nothing_is_written(
    transaction, planned, called, changes, code
):
    before = unanswered(transaction)

    answer = pay_in(transaction, planned, called["nhs"], **changes)

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_a_contribution_that_is_told_twice_is_booked_once(transaction, planned, called):
    pay_in(transaction, planned, called["nhs"])
    before = unanswered(transaction)

    assert pay_in(transaction, planned, called["nhs"]) == {"result": {"is_active": False}}
    assert unanswered(transaction) == before


def test_a_contribution_is_not_received_again_from_another_payment(transaction, planned, called):
    pay_in(transaction, planned, called["nhs"])
    before = everything(transaction)

    answer = pay_in(transaction, planned, called["nhs"], bank_reference="another")

    assert answer["refusal"]["code"] == "id_reused"
    assert everything(transaction) == before


def test_a_budget_is_active_when_the_last_contribution_is_in_and_only_once(
    transaction, planned, called
):
    def activations():
        return len(told(transaction, event_type="budget.budget_activated.v1"))

    pay_in(transaction, planned, called["council"])
    assert (statement_of(transaction, planned)["state"], activations()) == ("called", 0)

    pay_in(transaction, planned, called["nhs"])
    pay_in(transaction, planned, called["council"])
    assert (statement_of(transaction, planned)["state"], activations()) == ("active", 1)


def test_the_world_hears_of_each_contribution_called_and_received(transaction, planned, called):
    pay_in(transaction, planned, called["nhs"])

    calls = told(transaction, event_type="budget.contribution_called.v1")
    (received,) = told(transaction, event_type="budget.contribution_received.v1")
    assert {call["contribution_id"] for call in calls} == {
        call["contribution_id"] for call in called.values()
    }
    assert (received["contribution_id"], received["amount_pence"]) == (
        called["nhs"]["contribution_id"],
        50_00,
    )


def test_a_later_version_of_a_plan_leaves_an_active_budget_as_it_is(transaction):
    active = an_active_budget(transaction, joint=100_00)
    before = statement_of(transaction, active)

    tell(transaction, a_plan(version=2, budget_id=active.budget_id, joint=1_00))

    assert statement_of(transaction, active) == before
