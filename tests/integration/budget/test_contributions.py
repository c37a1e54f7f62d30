"""Contributions called for, released and paid in; and everything that is refused."""

from uuid import uuid4

import pytest

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    agree,
    buy,
    called_by,
    pay_in,
    statement_of,
    told,
    told_about,
    unanswered,
)
from tests.integration.budget.pools import NOT_CALLED_FOR, accounts_of, release


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=100_00)


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


# Paid in


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        *NOT_CALLED_FOR,
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
    before = unanswered(transaction)

    for again in (
        pay_in(transaction, planned, called["nhs"], bank_reference="another"),
        release(transaction, planned, called["nhs"]),
    ):
        assert again["refusal"]["code"] == "id_reused"
    assert unanswered(transaction) == before


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
    assert (received["contribution_id"], received["amount_pence"], received["money"]) == (
        called["nhs"]["contribution_id"],
        50_00,
        "new_money",
    )


def test_while_one_funder_is_late_what_the_other_pays_alone_can_be_bought(transaction):
    planned = a_planned_budget(transaction, joint=100_00, nhs=30_00, council=20_00)
    called = called_by(agree(transaction, planned))
    pay_in(transaction, planned, called["nhs"])

    _, of_nhs = buy(transaction, planned, 30_00, payer="nhs")
    assert of_nhs == "hold_placed"
    for payer in ("joint", "council"):
        purchase, answer = buy(transaction, planned, 1_00, payer=payer)
        assert answer == "hold_refused"
        assert told_about(transaction, purchase)[-1]["code"] == "budget_not_active"

    pay_in(transaction, planned, called["council"])
    assert buy(transaction, planned, 1_00)[1] == "hold_placed"


# Released from a block contract


def test_what_a_block_contract_releases_is_there_to_be_spent_and_is_no_new_money(
    transaction, planned, called
):
    pay_in(transaction, planned, called["council"])

    assert release(transaction, planned, called["nhs"]) == {"result": {"is_active": True}}

    assert accounts_of(transaction, planned) == {
        (NHS, "released_in"): -50_00,
        (NHS, "available"): 50_00,
        (COUNCIL, "paid_in"): -50_00,
        (COUNCIL, "available"): 50_00,
    }
    received = told(transaction, event_type="budget.contribution_received.v1")
    assert [event["money"] for event in received] == ["new_money", "released"]
    before = unanswered(transaction)
    assert release(transaction, planned, called["nhs"]) == {"result": {"is_active": True}}
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contribution_id": str(uuid4())}, "contribution_not_called"),
        ({"amount_pence": 49_99}, "contribution_differs"),
        ({"contract_reference": ""}, "invalid_request"),
    ],
)
def test_what_was_not_called_for_is_not_released(transaction, planned, called, changes, code):
    before = unanswered(transaction)

    answer = release(transaction, planned, called["nhs"], **changes)

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before
