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
