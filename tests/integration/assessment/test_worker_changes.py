"""A person wants somebody else, and gets an answer with reasons."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_referral


@pytest.fixture
def referred(desk):
    received = desk.ask("receive_referral", **a_referral())
    return received | desk.a_team(received["person_id"])


def a_request(referred, /, **changes):
    return {
        "request_id": str(uuid4()),
        "referral_id": referred["referral_id"],
        "role": "broker",
        "person_words": "I would like a woman, please",
        "asked_by_role": "person",
    } | changes


def an_answer(request, referred, /, **changes):
    return {
        "request_id": request["request_id"],
        "answered_by": referred["team_manager"],
        "reasons": "Of course: Priya starts on Monday",
        "new_worker": {
            "staff_id": str(uuid4()),
            "name": "Priya Example",
            "organisation": "voluntary-broker",
            "employer": "voluntary-broker",
        },
    } | changes


def brokers(desk, referred):
    person = desk.case(referred["referral_id"])["person"]
    return [one["name"] for one in person["care_team"] if one["role"] == "broker"]


def clocks(desk, referred):
    found = desk.ask("where_is_it", referral_id=referred["referral_id"])
    return [(one["role"], one["due_on"]) for one in found if one["stage"] == "worker_change"]


def test_a_request_starts_a_clock_and_an_answer_stops_it(desk, referred):
    request = a_request(referred)
    for _ in range(2):
        desk.ask("request_worker_change", **request)
    assert clocks(desk, referred) == [("team_manager", "2026-12-08")]

    answer = an_answer(request, referred)
    for _ in range(2):
        assert desk.ask("answer_worker_change", **answer)["is_agreed"] is True

    assert clocks(desk, referred) == []
    assert brokers(desk, referred) == ["Priya Example"]
    (told,) = desk.told("worker_change_answered")
    assert (told["is_agreed"], told["reasons"]) == (True, answer["reasons"])
    (shown,) = desk.case(referred["referral_id"])["worker_changes"]
    assert shown["person_words"] == "I would like a woman, please"


def test_a_no_comes_with_its_reasons_and_changes_nobody(desk, referred):
    request = a_request(referred)
    desk.ask("request_worker_change", **request)
    before = brokers(desk, referred)

    desk.ask(
        "answer_worker_change",
        **an_answer(request, referred, new_worker=None, reasons="Nobody is free until January"),
    )

    assert brokers(desk, referred) == before
    (told,) = desk.told("worker_change_answered")
    assert (told["is_agreed"], told["reasons"]) == (False, "Nobody is free until January")
    other = desk.refused("answer_worker_change", **an_answer(request, referred))
    assert other["code"] == "worker_change_answered"


@pytest.mark.parametrize("who", ["broker", "care_coordinator", "person"])
def test_nobody_but_the_manager_answers(desk, referred, who):
    request = a_request(referred)
    desk.ask("request_worker_change", **request)

    answer = an_answer(request, referred, answered_by=referred[who])

    assert desk.refused("answer_worker_change", **answer)["code"] == "answerer_not_in_role"


def test_what_is_about_the_manager_is_answered_by_the_whole_team(desk, referred):
    request = a_request(referred, role="team_manager")
    desk.ask("request_worker_change", **request)
    assert clocks(desk, referred) == [("multidisciplinary_team", "2026-12-08")]

    own = desk.refused("answer_worker_change", **an_answer(request, referred))
    assert own["code"] == "answerer_not_in_role"
    meeting = desk.a_team(referred["person_id"], ("multidisciplinary_team",))
    by_meeting = an_answer(
        request, referred, answered_by=meeting["multidisciplinary_team"], new_worker=None
    )
    desk.ask("answer_worker_change", **by_meeting)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "advocate"}, "nobody_in_role"),
        ({"role": "gardener"}, "invalid_request"),
        ({"person_words": ""}, "invalid_request"),
        ({"referral_id": str(uuid4())}, "not_known_yet"),
    ],
)
def test_a_request_that_cannot_be_is_refused(desk, referred, changes, code):
    refusal = desk.refused("request_worker_change", **a_request(referred, **changes))

    assert refusal["code"] == code


def test_an_answer_needs_its_request_and_reasons(desk, referred):
    request = a_request(referred)
    unknown = desk.refused("answer_worker_change", **an_answer(request, referred))
    assert unknown["code"] == "not_found"
    desk.ask("request_worker_change", **request)
    silent = desk.refused("answer_worker_change", **an_answer(request, referred, reasons=" "))
    assert silent["code"] == "invalid_request"
    other = desk.refused("request_worker_change", **request | {"person_words": "Another"})
    assert other["code"] == "id_reused"
