"""By which channel somebody is told, and whom they can ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.people.rules import (
    Channel,
    choose_channel,
    person_to_ask,
    usable_channels,
)

ANY = (Channel.SMS, Channel.EMAIL, Channel.LETTER)
WRITTEN = (Channel.EMAIL, Channel.LETTER)
channels = st.sampled_from(Channel)


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


@pytest.mark.parametrize(
    ("allowed", "usable", "preferred", "is_large_print", "channel"),
    [
        (ANY, ANY, "sms", False, "sms"),
        (ANY, ANY, "email", False, "email"),
        (ANY, ANY, "letter", False, "letter"),
        (ANY, WRITTEN, "sms", False, "email"),
        (ANY, ("letter",), "sms", False, "letter"),
        (ANY, ("sms", "letter"), "email", False, "letter"),
        (ANY, ("sms", "email"), "letter", False, "email"),
        (ANY, (), "sms", False, "letter"),
        (ANY, ANY, "sms", True, "sms"),
        (WRITTEN, ANY, "sms", False, "email"),
        (WRITTEN, ANY, "letter", False, "letter"),
        (WRITTEN, ("sms", "letter"), "sms", False, "letter"),
        (WRITTEN, ANY, "email", True, "letter"),
        (WRITTEN, ("email",), "email", True, "email"),
    ],
)
def test_the_channel_is_the_preferred_one_then_email_then_a_letter(
    allowed, usable, preferred, is_large_print, channel
):
    assert channel == choose_channel(
        allowed=allowed,
        usable={Channel(one) for one in usable},
        preferred=Channel(preferred),
        is_large_print=is_large_print,
    )


@given(usable=st.sets(channels), preferred=channels, is_large_print=st.booleans())
def test_what_must_be_written_is_never_texted(usable, preferred, is_large_print):
    channel = choose_channel(
        allowed=WRITTEN, usable=usable, preferred=preferred, is_large_print=is_large_print
    )

    assert channel is not Channel.SMS


@given(usable=st.sets(channels, min_size=1), preferred=channels, is_large_print=st.booleans())
def test_nobody_is_texted_who_cannot_be(usable, preferred, is_large_print):
    channel = choose_channel(
        allowed=ANY, usable=usable, preferred=preferred, is_large_print=is_large_print
    )

    assert channel is not Channel.SMS or channel in usable


def test_people_ask_their_care_coordinator_or_else_their_broker():
    broker, coordinator = ("broker", "Kim Ng"), ("care_coordinator", "Jo Abu")

    assert person_to_ask([broker, coordinator]) == ("Jo Abu", "care coordinator")
    assert person_to_ask([("team_manager", "Lee Roe"), broker]) == ("Kim Ng", "broker")
    assert person_to_ask([("team_manager", "Lee Roe")]) is None
