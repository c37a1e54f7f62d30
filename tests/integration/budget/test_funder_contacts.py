"""Who at an organisation hears of what concerns its money: named, replaced, taken off."""

from uuid import uuid4

import pytest

from tests.integration.budget.budgets import (
    a_planned_budget,
    agree,
    ask,
    called_by,
    rows,
    told,
    unanswered,
)
from tests.integration.budget.pools import ANOTHER_NHS, assess, register

NAMED = {"funder_id": str(ANOTHER_NHS), "name": "Sam Lee", "email": "sam@trust.example"}
NOBODY = {"funder_id": str(ANOTHER_NHS), "name": None, "email": None}


def name(transaction, **changes):
    return ask(transaction, "name_funder_contact", **(NAMED | changes))


def heard(transaction):
    events = told(transaction, event_type="budget.funder_contact_named.v1")
    return [(event["version"], event["name"], event["email"]) for event in events]


def test_who_is_named_is_told_once_and_who_comes_next_takes_the_place(transaction):
    register(transaction)

    for _ in range(2):
        assert name(transaction)["result"] == {"funder_id": str(ANOTHER_NHS), "version": 1}
    name(transaction, name="Pat Ng", email="pat@trust.example")
    name(transaction, **NOBODY)
    name(transaction, **NOBODY)

    assert heard(transaction) == [
        (1, "Sam Lee", "sam@trust.example"),
        (2, "Pat Ng", "pat@trust.example"),
        (3, None, None),
    ]
    assert rows(transaction, "SELECT version, name, email FROM funder_contacts") == [
        (3, None, None)
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"funder_id": str(uuid4())}, "funder_not_found"),
        ({"funder_id": "the trust"}, "invalid_request"),
        ({"name": None}, "invalid_request"),
        ({"email": None}, "invalid_request"),
        ({"name": " "}, "invalid_request"),
        ({"name": "Sam\nLee"}, "invalid_request"),
        ({"name": "Sam\0Lee"}, "invalid_request"),
        ({"name": "x" * 141}, "invalid_request"),
        ({"email": "at work"}, "invalid_request"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_and_nothing_is_kept(transaction, changes, code):
    register(transaction)
    before = unanswered(transaction)

    assert name(transaction, **changes)["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_a_person_who_pays_a_part_is_no_organisation(transaction):
    person_id = uuid4()
    planned = a_planned_budget(transaction, joint=100_00, person_id=person_id)
    assess(transaction, planned, weeks=4)
    called = called_by(agree(transaction, planned))
    assert called["person"]["funder_id"] == str(person_id)

    refusal = name(transaction, funder_id=str(person_id))["refusal"]

    assert refusal["code"] == "funder_not_found"
