"""Contributions promised: the host, the council, pays in the funder's place until it pays in."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    agree,
    an_active_budget,
    buy,
    called_by,
    commit,
    left_of,
    paid_by,
    pay_in,
    spend,
    statement_of,
    told,
    totals,
    unanswered,
)
from tests.integration.budget.pools import (
    NOT_CALLED_FOR,
    accounts_of,
    agreed,
    calls_of,
    due,
    release,
)


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=100_00)


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


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


TERMS = {
    "starts_on": "2026-12-01",
    "ends_on": "2027-11-30",
    "cost_centre": "MH-4711",
    "source": "pooled_s75",
}


def terms_of(transaction, planned, kind="nhs"):
    contributions = statement_of(transaction, planned)["contributions"]
    return next(one["terms"] for one in contributions if one["funder_kind"] == kind)


def test_a_funder_says_for_which_days_it_pays_from_where_and_out_of_what(
    transaction, planned, called
):
    commit(transaction, planned, called["nhs"], terms=TERMS)

    assert terms_of(transaction, planned) == TERMS
    assert terms_of(transaction, planned, "council") is None
    (event,) = told(transaction, event_type="budget.contribution_committed.v1")
    assert {name: event[name] for name in TERMS} == TERMS


def test_terms_that_are_told_later_are_told_on(transaction, planned, called):
    for terms in (None, TERMS, TERMS):
        commit(transaction, planned, called["nhs"], terms=terms)

    first, second = told(transaction, event_type="budget.contribution_committed.v1")
    assert (first["source"], second["source"]) == (None, "pooled_s75")
    assert first["contribution_id"] == second["contribution_id"]


def test_what_is_released_from_a_block_contract_says_so(transaction, planned, called):
    terms = {name: value for name, value in TERMS.items() if name != "source"}

    release(transaction, planned, called["nhs"], terms=terms)

    assert terms_of(transaction, planned) == TERMS | {"source": "released_block"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": "2026-11-30"}, "period_wrong"),
        ({"source": "borrowed"}, "invalid_request"),
        ({"cost_centre": ""}, "invalid_request"),
        ({"cost_centre": None}, "invalid_request"),
        ({"starts_on": "soon"}, "invalid_request"),
        ({"colour": "red"}, "invalid_request"),
    ],
)
def test_terms_that_cannot_be_are_refused_and_commit_nothing(
    transaction, planned, called, changes, code
):
    answer = commit(transaction, planned, called["nhs"], terms=TERMS | changes)

    assert answer["refusal"]["code"] == code
    assert terms_of(transaction, planned) is None
    assert told(transaction, event_type="budget.contribution_committed.v1") == []


def test_what_was_committed_stands_on_its_terms(transaction, planned, called):
    for terms in (TERMS, TERMS, None):
        assert "result" in commit(transaction, planned, called["nhs"], terms=terms)

    answer = commit(transaction, planned, called["nhs"], terms=TERMS | {"cost_centre": "MH-1"})

    assert answer["refusal"]["code"] == "terms_differ"
    assert terms_of(transaction, planned) == TERMS


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
