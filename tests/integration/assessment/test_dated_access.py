"""An advocate or a peer supporter is in a care team for a time, which ends by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.care_team import handlers, queries
from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import a_referral

LAST_DAY = "2026-12-01"


def a_member(person_id, **changes):
    return {
        "person_id": person_id,
        "role": "advocate",
        "staff_id": str(uuid4()),
        "name": "Noor",
        "organisation": "voice-north",
        "employer": "voice-north",
        "ends_on": LAST_DAY,
    } | changes


@pytest.fixture
def received(desk):
    return desk.ask("receive_referral", **a_referral())


def present(desk, received):
    return desk.case(received["referral_id"])["person"]["care_team"]


def strike(desk, *, days):
    desk.at = TUESDAY_AT_TEN + timedelta(days=days)
    return desk.strike(queries.over, handlers.end_access)


@pytest.mark.parametrize("role", ["advocate", "peer_supporter"])
def test_dated_access_ends_by_itself_after_its_last_day_and_that_is_told_once(desk, received, role):
    desk.ask("assign_team_member", **a_member(received["person_id"], role=role))
    assert [one["ends_on"] for one in present(desk, received)] == [LAST_DAY]

    assert strike(desk, days=7) == 0  # its last day
    assert strike(desk, days=8) == 1
    assert strike(desk, days=8) == 0

    assert present(desk, received) == []
    assert [len(told["members"]) for told in desk.told("care_team_changed")] == [1, 0]


def test_two_clocks_that_strike_at_once_end_it_once(desk, received):
    desk.ask("assign_team_member", **a_member(received["person_id"]))
    desk.at = TUESDAY_AT_TEN + timedelta(days=8)
    with desk.transaction() as session:
        found_by_both = queries.over(desk.at, session=session)

    for _ in range(2):
        desk.strike(lambda *_, **__: found_by_both, handlers.end_access)

    assert len(desk.told("care_team_changed")) == 2


def test_access_is_prolonged_by_assigning_the_same_person_again(desk, received):
    member = a_member(received["person_id"])
    desk.ask("assign_team_member", **member)
    desk.ask("assign_team_member", **member | {"ends_on": "2026-12-31"})

    assert strike(desk, days=8) == 0

    assert [one["ends_on"] for one in present(desk, received)] == ["2026-12-31"]


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": None},
        {"ends_on": "2026-11-23"},
        {"role": "broker"},
        {"role": "care_coordinator"},
    ],
)
def test_a_last_day_is_there_exactly_where_access_is_for_a_time(desk, received, changes):
    refusal = desk.refused("assign_team_member", **a_member(received["person_id"], **changes))

    assert (refusal["code"], refusal["details"]["field"]) == ("access_dates_wrong", "ends_on")


def test_who_comes_instead_of_an_advocate_is_there_for_as_long(desk, received):
    manager_id = desk.a_team(received["person_id"], ("team_manager",))["team_manager"]
    desk.ask("assign_team_member", **a_member(received["person_id"]))
    request_id = str(uuid4())
    desk.ask(
        "request_worker_change",
        request_id=request_id,
        referral_id=received["referral_id"],
        role="advocate",
        person_words="Somebody who speaks Polish, please",
        asked_by_role="person",
    )
    new = {"staff_id": str(uuid4()), "name": "Ola", "organisation": "v", "employer": "v"}

    desk.ask(
        "answer_worker_change",
        request_id=request_id,
        answered_by=manager_id,
        reasons="You are right.",
        new_worker=new,
    )

    (advocate,) = (one for one in present(desk, received) if one["role"] == "advocate")
    assert (advocate["name"], advocate["ends_on"]) == ("Ola", LAST_DAY)
