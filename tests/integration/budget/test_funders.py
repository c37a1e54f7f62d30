"""Organisations and pools: registered once, and what is refused."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_pool,
    ask,
    everything,
    rows,
    unanswered,
)
from tests.integration.budget.pools import ANOTHER_NHS, a_pool_of_three, register


def test_an_organisation_is_registered_once_however_often_it_is_said(transaction):
    assert register(transaction) == {"result": {"funder_id": str(ANOTHER_NHS)}}
    before = unanswered(transaction)

    assert register(transaction) == {"result": {"funder_id": str(ANOTHER_NHS)}}
    assert unanswered(transaction) == before
    assert rows(transaction, "SELECT kind, code, name, organisation FROM funders") == [
        ("nhs", "RVJ01", "An NHS trust", "nhs-trust-2")
    ]


def test_an_organisation_of_an_earlier_release_is_told_once_whose_staff_it_has(transaction):
    register(transaction)
    with transaction() as session:
        session.execute(text("UPDATE funders SET organisation = NULL"))

    assert register(transaction) == {"result": {"funder_id": str(ANOTHER_NHS)}}
    assert rows(transaction, "SELECT organisation FROM funders") == [("nhs-trust-2",)]
    again = register(transaction, organisation="council")
    assert again["refusal"]["code"] == "id_reused"
    assert rows(transaction, "SELECT organisation FROM funders") == [("nhs-trust-2",)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "council"}, "id_reused"),
        ({"code": "RVJ02"}, "id_reused"),
        ({"name": "Another NHS trust"}, "id_reused"),
        ({"funder_id": str(uuid4())}, "code_taken"),
        ({"kind": "person"}, "invalid_request"),
        ({"kind": "charity"}, "invalid_request"),
        ({"funder_id": "nhs"}, "invalid_request"),
        ({"code": "R1"}, "invalid_request"),
        ({"code": "RVJ0100000"}, "invalid_request"),
        ({"code": "rvj01"}, "invalid_request"),
        ({"code": "RVJ01\n"}, "invalid_request"),
        ({"code": ""}, "invalid_request"),
        ({"code": None}, "invalid_request"),
        ({"name": ""}, "invalid_request"),
        ({"name": "x" * 141}, "invalid_request"),
        ({"organisation": "another-trust"}, "id_reused"),
        ({"organisation": "A Trust"}, "invalid_request"),
        ({"organisation": "t"}, "invalid_request"),
        ({"organisation": ""}, "invalid_request"),
        ({"organisation": None}, "invalid_request"),
    ],
)
def test_an_organisation_is_refused_with_a_reason_and_nothing_is_written(
    transaction, changes, code
):
    register(transaction)
    before = unanswered(transaction)

    answer = register(transaction, **changes)

    assert answer["refusal"]["code"] == code
    if code == "invalid_request":
        assert set(answer["refusal"]["details"]) == set(changes)
    assert unanswered(transaction) == before


def test_a_pool_is_opened_once_however_often_it_is_said(transaction):
    assert a_pool_of_three(transaction) == {"result": {"pool_id": str(POOL)}}
    before = unanswered(transaction)

    assert a_pool_of_three(transaction) == {"result": {"pool_id": str(POOL)}}
    assert unanswered(transaction) == before
    partners = rows(transaction, "SELECT funder_id FROM pool_partners ORDER BY funder_id")
    assert partners == [(COUNCIL,), (NHS,), (ANOTHER_NHS,)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host_id": str(ANOTHER_NHS)}, "partners_wrong"),
        ({"partner_ids": [str(NHS), str(COUNCIL), str(NHS)]}, "partners_wrong"),
        ({"partner_ids": [str(NHS), str(ANOTHER_NHS)], "host_id": str(NHS)}, "partners_wrong"),
        ({"partner_ids": [str(NHS), str(COUNCIL), str(uuid4())]}, "funder_not_found"),
        ({"ends_on": "2026-04-01"}, "dates_wrong"),
        ({"ends_on": "2026-03-31"}, "dates_wrong"),
        ({"partner_ids": [str(COUNCIL)]}, "invalid_request"),
        ({"partner_ids": [str(uuid4()) for _ in range(21)]}, "invalid_request"),
        ({"partner_ids": "nhs"}, "invalid_request"),
        ({"host_id": None}, "invalid_request"),
        ({"name": ""}, "invalid_request"),
        ({"agreement_reference": "x" * 141}, "invalid_request"),
        ({"starts_on": "1 April"}, "invalid_request"),
        ({"ends_on": "never"}, "invalid_request"),
    ],
)
def test_a_pool_is_refused_with_a_reason_and_nothing_is_written(transaction, changes, code):
    a_pool_of_three(transaction)
    before = unanswered(transaction)

    answer = a_pool(transaction, **({"pool_id": str(uuid4())} | changes))

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"host_id": NHS},
        {"partner_ids": [str(NHS), str(COUNCIL), str(ANOTHER_NHS)]},
        {"starts_on": "2026-04-02"},
        {"ends_on": "2027-04-01"},
        {"name": "Learning disability"},
        {"agreement_reference": "S75 2027"},
    ],
)
def test_a_pools_id_that_comes_back_with_something_else_is_refused(transaction, changes):
    register(transaction)
    a_pool(transaction)
    before = unanswered(transaction)

    assert a_pool(transaction, **changes)["refusal"]["code"] == "id_reused"
    assert unanswered(transaction) == before


def test_a_person_is_no_partner(transaction):
    """No person is registered; whoever pays towards a budget becomes known by that alone."""
    before = everything(transaction)

    answer = ask(
        transaction,
        "register_funder",
        funder_id=str(uuid4()),
        kind="person",
        code="P12345",
        name="Somebody",
        organisation="somebody",
    )

    assert answer["refusal"]["code"] == "invalid_request"
    assert everything(transaction) == before
