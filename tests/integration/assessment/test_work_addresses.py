"""At which address the members of a care team get e-mails about a case."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_referral

ADDRESS = "bo@brokerage.example"


@pytest.fixture
def received(desk):
    return desk.ask("receive_referral", **a_referral())


def a_broker(received, **changes):
    return {
        "person_id": received["person_id"],
        "role": "broker",
        "staff_id": str(uuid4()),
        "name": "Bo",
        "organisation": "voluntary-broker",
        "employer": "voluntary-broker",
    } | changes


def told_addresses(desk):
    return [[one["email"] for one in told["members"]] for told in desk.told("care_team_changed")]


def test_a_work_address_is_told_and_may_be_left_out(desk, received):
    desk.ask("assign_team_member", **a_broker(received))
    desk.ask("assign_team_member", **a_broker(received, email=ADDRESS))
    desk.ask("assign_team_member", **a_broker(received, email=None))

    assert told_addresses(desk) == [[None], [ADDRESS], [None]]


def test_a_new_address_of_the_same_member_is_told_once(desk, received):
    broker = a_broker(received)
    desk.ask("assign_team_member", **broker)

    for _ in range(2):
        desk.ask("assign_team_member", **broker | {"email": ADDRESS})

    assert told_addresses(desk) == [[None], [ADDRESS]]


@pytest.mark.parametrize("unfit", ["", "bo", "bo@", "bo@x@y.example", "b o@x.example", 3])
def test_what_is_no_address_is_refused_and_changes_nothing(desk, received, unfit):
    refusal = desk.refused("assign_team_member", **a_broker(received, email=unfit))

    assert (refusal["code"], refusal["details"]["email"] != "") == ("invalid_request", True)
    assert desk.told("care_team_changed") == []


def test_an_address_of_endless_length_is_refused(desk, received):
    desk.refused("assign_team_member", **a_broker(received, email=f"{'b' * 200}@x.example"))

    assert desk.told("care_team_changed") == []


def test_who_comes_instead_brings_an_address(desk, received):
    team = desk.a_team(received["person_id"])
    request = {
        "request_id": str(uuid4()),
        "referral_id": received["referral_id"],
        "role": "broker",
        "person_words": "I would like a woman, please",
        "asked_by_role": "person",
    }
    desk.ask("request_worker_change", **request)

    desk.ask(
        "answer_worker_change",
        request_id=request["request_id"],
        answered_by=team["team_manager"],
        reasons="Of course",
        new_worker={
            "staff_id": str(uuid4()),
            "name": "Priya Example",
            "organisation": "voluntary-broker",
            "employer": "voluntary-broker",
            "email": "priya@brokerage.example",
        },
    )

    assert told_addresses(desk)[-1].count("priya@brokerage.example") == 1
