"""A person sees of all services who looked at their record: each entry once, the newest first."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert

from access.tables import AuditEntry
from tests.factories import TUESDAY_AT_TEN
from tests.integration.gateway.visiting import Door

SERVICES = ("budget", "payments", "notifications")
AT_NINE = TUESDAY_AT_TEN - timedelta(hours=1)  # the person looks at ten
ALEX, ROBIN, NURSE = uuid4(), uuid4(), uuid4()


def looked(transaction, minute, *, person_id=ALEX, **changes):
    """Write down that somebody looked so many minutes after nine."""
    entry = {
        "at": AT_NINE + timedelta(minutes=minute),
        "actor_id": str(NURSE),
        "roles": ["practitioner"],
        "organisation": "nhs-trust",
        "acting_for": "council/practitioner",
        "purpose": "direct_care",
        "person_id": person_id,
        "operation": f"looked_{minute}",
        "act": "read",
        "fields": ["lines", "total_pence"],
        "outcome": "done",
        "request_id": "r-1",
    }
    with transaction() as session:
        session.execute(insert(AuditEntry), entry | changes)


@pytest.fixture
def transactions(emptied):
    return {service: emptied(service) for service in SERVICES}


@pytest.fixture
def door(transactions):
    return Door(transactions)


@pytest.fixture
def alex(door):
    return door.enter("budget_holder", actor_id=ALEX, organisation="")


def test_who_looked_is_shown_whole(transactions, alex):
    looked(transactions["budget"], 1)

    (entry,) = alex.merged("/me/access-log").json["items"]

    assert entry.pop("seq") > 0
    assert entry == {
        "service": "budget",
        "at": "2026-11-24T09:01:00+00:00",
        "actor_id": str(NURSE),
        "roles": ["practitioner"],
        "organisation": "nhs-trust",
        "acting_for": "council/practitioner",
        "purpose": "direct_care",
        "operation": "looked_1",
        "act": "read",
        "fields": ["lines", "total_pence"],
        "outcome": "done",
    }


@pytest.mark.parametrize("limit", [1, 4, 7, 100])
def test_page_by_page_all_services_are_in_one_order(transactions, alex, limit):
    for minute in range(12):
        looked(transactions[SERVICES[minute * 7 % 3]], minute)
        looked(transactions[SERVICES[minute % 3]], minute, person_id=ROBIN)

    shown, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = alex.merged("/me/access-log", limit=limit, **more).json
        assert len(page["items"]) <= limit
        shown += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    others = [one for one in shown if one["actor_id"] != str(ALEX)]  # that they looked is there
    assert [one["operation"] for one in others] == [
        f"looked_{minute}" for minute in range(11, -1, -1)
    ]
    assert len({(one["service"], one["seq"]) for one in shown}) == len(shown)


def test_nobody_sees_it_of_somebody_else(transactions, door, alex):
    looked(transactions["budget"], 1, person_id=ROBIN)

    assert alex.merged("/me/access-log").json["items"] == []
    assert alex.merged(f"/people/{ROBIN}/access-log").status_code == 404
    for role in ("representative", "broker", "care_coordinator", "finance_officer"):
        stranger = door.enter(role, actor_id=ALEX)
        assert stranger.merged("/me/access-log").status_code == 403
