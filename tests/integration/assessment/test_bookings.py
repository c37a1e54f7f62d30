"""The joint assessment is booked: when, where, and who comes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_death, a_referral


@pytest.fixture
def referred(desk):
    return desk.ask("receive_referral", **a_referral())


def a_booking(referred, /, **changes):
    return {
        "booking_id": str(uuid4()),
        "referral_id": referred["referral_id"],
        "starts_at": "2026-12-01T10:30:00+00:00",
        "way": "at_home",
        "place": None,
        "coming": [{"name": "Priya Example", "role": "care_coordinator"}],
    } | changes


def bookings(desk, referred):
    return desk.case(referred["referral_id"])["bookings"]


def test_a_booking_is_kept_and_told_once_however_often_it_is_asked(desk, referred):
    booking = a_booking(referred)

    for _ in range(2):
        answer = desk.ask("book_assessment", **booking)
        assert answer == {"booking_id": booking["booking_id"], "version": 1}

    (told,) = desk.told("assessment_booked")
    assert told["person_id"] == referred["person_id"]
    assert (told["version"], told["starts_at"]) == (1, booking["starts_at"])
    assert (told["way"], told["place"]) == ("at_home", None)
    assert told["coming"] == booking["coming"]
    (shown,) = bookings(desk, referred)
    assert shown["coming"] == booking["coming"]


def test_another_booking_takes_the_place_of_the_first_which_stays_in_the_history(desk, referred):
    desk.ask("book_assessment", **a_booking(referred))
    place = "The Old Library, 2 Example Street"

    moved = desk.ask("book_assessment", **a_booking(referred, way="at_place", place=place))

    assert moved["version"] == 2
    assert [one["place"] for one in bookings(desk, referred)] == [None, place]
    assert [one["version"] for one in desk.told("assessment_booked")] == [1, 2]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": "2026-11-24T10:00:00+00:00"}, "booked_for_the_past"),
        ({"starts_at": "2026-12-01T10:30:00"}, "invalid_request"),
        ({"starts_at": "soon"}, "invalid_request"),
        ({"way": "by_pigeon"}, "invalid_request"),
        ({"way": "at_place"}, "invalid_request"),
        ({"place": "Where the person lives"}, "invalid_request"),
        ({"way": "at_place", "place": " "}, "invalid_request"),
        ({"coming": []}, "invalid_request"),
        ({"coming": [{"name": "Priya Example"}]}, "invalid_request"),
        ({"coming": [{"name": "Priya Example", "role": "nurse"}] * 11}, "invalid_request"),
        ({"referral_id": str(uuid4())}, "not_known_yet"),
    ],
)
def test_a_booking_that_cannot_be_is_refused(desk, referred, changes, code):
    assert desk.refused("book_assessment", **a_booking(referred, **changes))["code"] == code


def test_the_same_id_for_another_booking_is_refused(desk, referred):
    booking = a_booking(referred)
    desk.ask("book_assessment", **booking)

    other = desk.refused("book_assessment", **booking | {"way": "by_phone"})

    assert other["code"] == "id_reused"


def test_a_repeat_after_the_time_has_come_has_its_first_answer(desk, referred):
    booking = a_booking(referred)
    desk.ask("book_assessment", **booking)
    desk.at += timedelta(days=30)

    assert desk.ask("book_assessment", **booking)["version"] == 1


def test_nothing_is_booked_on_a_closed_case(desk, referred):
    desk.ask("record_death", **a_death(referred["person_id"]))

    assert desk.refused("book_assessment", **a_booking(referred))["code"] == "case_closed"
