"""By which channel somebody is told, and whom they can ask."""

import pytest

from services.notifications.people.rules import (
    Channel,
    person_to_ask,
    usable_channels,
    usual_order,
)


def reached(**known):
    nobody = {"mobile": None, "is_safe_to_text": False, "email": None, "address_lines": []}
    return usable_channels(**{**nobody, **known})


def test_a_text_goes_only_to_a_mobile_that_is_safe_to_text():
    assert reached(mobile="07700 900123", is_safe_to_text=True) == {Channel.SMS}
    assert reached(mobile="07700 900123", is_safe_to_text=False) == set()
    assert reached(mobile=None, is_safe_to_text=True) == set()


def test_a_letter_needs_an_address_of_two_lines():
    assert reached(address_lines=["1 Example Street", "ZZ99 3WZ"]) == {Channel.LETTER}
    assert reached(address_lines=[" ", "ZZ99 3WZ"]) == set()


def test_people_ask_their_care_coordinator_or_else_their_broker():
    broker, coordinator = ("broker", "Kim Ng"), ("care_coordinator", "Jo Abu")

    assert person_to_ask([broker, coordinator]) == ("Jo Abu", "care coordinator")
    assert person_to_ask([("team_manager", "Lee Roe"), broker]) == ("Kim Ng", "broker")
    assert person_to_ask([("team_manager", "Lee Roe")]) is None


@pytest.mark.parametrize(
    ("preferred", "order"),
    [
        ("sms", ["sms", "email", "letter"]),
        ("email", ["email", "letter", "sms"]),
        ("letter", ["letter", "email", "sms"]),
    ],
)
def test_what_is_preferred_is_tried_first_and_a_text_that_is_not_last(preferred, order):
    assert usual_order(Channel(preferred)) == order
