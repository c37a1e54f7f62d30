"""Contributions called for, promised, released and paid in; and everything that is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_plan,
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    left_of,
    paid_by,
    pay_in,
    spend,
    statement_of,
    tell,
    told,
    told_about,
    totals,
    unanswered,
)
from tests.integration.budget.pools import accounts_of, agreed, calls_of, due

NOT_CALLED_FOR = [
    ({"contribution_id": str(uuid4())}, "contribution_not_called"),
    ({"budget_id": str(uuid4())}, "contribution_not_called"),
    ({"funder_id": str(COUNCIL)}, "contribution_not_called"),
    ({"funder_id": str(uuid4())}, "contribution_not_called"),
    ({"funder_id": "somebody"}, "invalid_request"),
    ({"amount_pence": 49_99}, "contribution_differs"),
    ({"amount_pence": 50_01}, "contribution_differs"),
    ({"amount_pence": 10**30}, "contribution_differs"),
    ({"amount_pence": 0}, "invalid_request"),
    ({"amount_pence": -50_00}, "invalid_request"),
    ({"amount_pence": "5000"}, "invalid_request"),
]


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=100_00)


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


def release(transaction, planned, call, **changes):
    request = {
        "contribution_id": call["contribution_id"],
        "budget_id": str(planned.budget_id),
        "funder_id": call["funder_id"],
        "amount_pence": call["amount_pence"],
        "contract_reference": "Block contract 7",
    }
    return ask(transaction, "release_contribution", **(request | changes))


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


def test_a_later_version_of_a_plan_leaves_an_active_budget_as_it_is(transaction):
    active = an_active_budget(transaction, joint=100_00)
    before = statement_of(transaction, active)

    tell(transaction, a_plan(version=2, budget_id=active.budget_id, joint=1_00))

    assert statement_of(transaction, active) == before


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


# Committed: the host, the council, advances what is spent of it


@pytest.fixture
def committed(transaction, planned, called):
    pay_in(transaction, planned, called["council"])
    assert commit(transaction, planned, called["nhs"]) == {"result": {"is_active": True}}
    return planned


@pytest.mark.parametrize(("changes", "code"), NOT_CALLED_FOR)
def test_what_was_not_called_for_is_not_committed(transaction, planned, called, changes, code):
    before = unanswered(transaction)

    answer = commit(transaction, planned, called["nhs"], **changes)

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_a_budget_is_active_when_each_has_paid_in_or_committed(transaction, committed, called):
    statement = statement_of(transaction, committed)
    assert statement["state"] == "active"
    nhs = next(one for one in statement["contributions"] if one["funder_kind"] == "nhs")
    assert (nhs["committed_at"], nhs["received_at"]) == ("2026-11-24T10:00:00+00:00", None)
    assert left_of(transaction, committed) == {"nhs": 50_00, "council": 50_00}
    (event,) = told(transaction, event_type="budget.contribution_committed.v1")
    assert (event["funder_id"], event["amount_pence"]) == (str(NHS), 50_00)
    before = unanswered(transaction)

    assert commit(transaction, committed, called["nhs"]) == {"result": {"is_active": True}}
    assert commit(transaction, committed, called["council"]) == {"result": {"is_active": True}}
    assert unanswered(transaction) == before


def test_the_host_pays_for_who_has_only_promised_until_the_money_comes(
    transaction, committed, called
):
    first, _ = buy(transaction, committed, 30_00)
    spend(transaction, first, 30_00)
    assert due(transaction, committed) == {
        (NHS, "due_to E06000001"): 15_00,
        (COUNCIL, "due_from QHM01"): -15_00,
    }
    assert accounts_of(transaction, committed)[COUNCIL, "paid_out"] == 30_00
    assert paid_by(transaction, committed) == {"nhs": (0, 15_00), "council": (0, 15_00)}
    assert totals(transaction)["spent_pence"] == {"nhs": 15_00, "council": 15_00}

    pay_in(transaction, committed, called["nhs"])
    assert left_of(transaction, committed) == {"nhs": 35_00, "council": 35_00}
    second, _ = buy(transaction, committed, 10_00)
    spend(transaction, second, 10_00)

    assert accounts_of(transaction, committed) == {
        (NHS, "paid_in"): -50_00,
        (NHS, "available"): 30_00,
        (NHS, "due_to E06000001"): 15_00,
        (NHS, "paid_out"): 5_00,
        (COUNCIL, "paid_in"): -50_00,
        (COUNCIL, "available"): 30_00,
        (COUNCIL, "due_from QHM01"): -15_00,
        (COUNCIL, "paid_out"): 35_00,
    }


def test_a_refund_returns_what_was_advanced_first(transaction, committed, called):
    """20 pounds before the NHS's money came, and 10 after: a refund of 16 and then of the rest."""
    purchase, _ = buy(transaction, committed, 30_00)
    spend(transaction, purchase, 20_00, held_pence=10_00)
    pay_in(transaction, committed, called["nhs"])
    spend(transaction, purchase, 30_00, version=2)

    spend(transaction, purchase, 14_00, version=3)
    assert due(transaction, committed) == {
        (NHS, "due_to E06000001"): 2_00,
        (COUNCIL, "due_from QHM01"): -2_00,
    }
    assert accounts_of(transaction, committed)[NHS, "paid_out"] == 5_00

    spend(transaction, purchase, 0, version=4)
    assert due(transaction, committed) == {}
    assert left_of(transaction, committed) == {"nhs": 50_00, "council": 50_00}
    assert (NHS, "paid_out") not in accounts_of(transaction, committed)


def test_what_is_released_later_keeps_the_promise(transaction, committed, called):
    release(transaction, committed, called["nhs"])

    accounts = accounts_of(transaction, committed)
    assert accounts[NHS, "released_in"] == -50_00
    assert (NHS, "promised") not in accounts


def test_more_than_was_promised_is_overspent_and_advanced_all_the_same(transaction, committed):
    purchase, _ = buy(transaction, committed, 100_00)

    spend(transaction, purchase, 110_00)
    assert due(transaction, committed)[NHS, "due_to E06000001"] == 55_00
    assert totals(transaction)["overspent_pence"] == 10_00

    spend(transaction, purchase, 96_00, version=2)
    assert due(transaction, committed)[NHS, "due_to E06000001"] == 48_00
    assert left_of(transaction, committed) == {"nhs": 2_00, "council": 2_00}


def test_a_host_that_has_only_promised_owes_itself_nothing(transaction, planned, called):
    for call in called.values():
        commit(transaction, planned, call)
    purchase, _ = buy(transaction, planned, 10_00)
    spend(transaction, purchase, 10_00)

    assert due(transaction, planned) == {
        (NHS, "due_to E06000001"): 5_00,
        (COUNCIL, "due_from QHM01"): -5_00,
    }


# Later shares


def test_later_shares_call_only_for_what_is_missing_and_leave_what_was_bought_as_it_is(transaction):
    """40 of 100 pounds are used at 50:50; of the other 60 the NHS is to pay 45 from December."""
    active = an_active_budget(transaction, joint=100_00)
    spent, _ = buy(transaction, active, 30_00)
    spend(transaction, spent, 30_00)
    held, _ = buy(transaction, active, 10_00)

    answer = agreed(
        transaction,
        active,
        {NHS: 3, COUNCIL: 1},
        agreement_id=str(uuid4()),
        starts_on="2026-12-01",
    )
    assert {one: call["amount_pence"] for one, call in calls_of(answer).items()} == {NHS: 15_00}
    assert paid_by(transaction, active) == {"nhs": (5_00, 15_00), "council": (5_00, 15_00)}
    pay_in(transaction, active, calls_of(answer)[NHS])

    spend(transaction, held, 10_00)
    before_december, _ = buy(transaction, active, 2_00)
    assert paid_by(transaction, active) == {"nhs": (1_00, 20_00), "council": (1_00, 20_00)}
    spend(transaction, before_december, 0)

    in_december, _ = buy(transaction, active, 40_00, at=TUESDAY_AT_TEN + timedelta(weeks=1))
    spend(transaction, in_december, 40_00)
    assert paid_by(transaction, active) == {"nhs": (0, 50_00), "council": (0, 30_00)}
    assert statement_of(transaction, active)["state"] == "active"
    assert len(told(transaction, event_type="budget.budget_activated.v1")) == 1
