"""By which channel somebody is told now, or why they are not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.people.rules import Channel, usual_order
from services.notifications.reaching.rules import Send, Standing, Stop, Wanted, next_step

ANY = (Channel.SMS, Channel.EMAIL, Channel.LETTER)
WRITTEN = (Channel.EMAIL, Channel.LETTER)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
channels = st.sampled_from(Channel)


def standing(**changed):
    usual = {
        "is_dead": False,
        "order": usual_order(Channel.SMS),
        "usable": frozenset(ANY),
        "language": "en",
        "accessible_format": None,
    }
    return Standing(**{**usual, **changed})


def wanted(**changed):
    usual = {"topic": "refund", "allowed": ANY, "is_critical": False}
    return Wanted(**{**usual, **changed})


def step(known=None, asked=None, *, at=TUESDAY_AT_TEN):
    return next_step(known or standing(), asked or wanted(), at=at)


@pytest.mark.parametrize(
    ("allowed", "usable", "preferred", "accessible_format", "left"),
    [
        (ANY, ANY, "sms", None, ["sms", "email", "letter"]),
        (ANY, ANY, "email", None, ["email", "letter", "sms"]),
        (ANY, WRITTEN, "sms", None, ["email", "letter"]),
        (ANY, ("letter",), "sms", None, ["letter"]),
        (ANY, ("sms",), "letter", None, ["sms"]),
        (ANY, ANY, "sms", "large_print", ["sms", "email", "letter"]),
        (WRITTEN, ANY, "sms", None, ["email", "letter"]),
        (WRITTEN, ANY, "email", "large_print", ["letter", "email"]),
        (WRITTEN, ("email",), "email", "large_print", ["email"]),
    ],
)
def test_channels_are_tried_as_the_person_wants_them(
    allowed, usable, preferred, accessible_format, left
):
    known = standing(
        usable=frozenset(map(Channel, usable)),
        order=usual_order(Channel(preferred)),
        accessible_format=accessible_format,
    )

    assert step(known, wanted(allowed=allowed)) == Send(channels=left)


def test_a_channel_that_failed_is_not_tried_again():
    assert step(asked=wanted(tried={Channel.SMS})) == Send(channels=["email", "letter"])


@pytest.mark.parametrize(
    ("known", "asked"), [({"usable": frozenset()}, {}), ({}, {"tried": set(ANY)})]
)
def test_where_no_channel_is_left_somebody_has_to_tell(known, asked):
    stop = step(standing(**known), wanted(**asked))

    assert stop == Stop(reason="no_channel", is_for_somebody=True)


def test_whoever_has_died_is_told_nothing_and_it_is_nobodys_task():
    assert step(standing(is_dead=True)) == Stop(reason="deceased", is_for_somebody=False)


@given(usable=st.frozensets(channels), tried=st.frozensets(channels), preferred=channels)
def test_nobody_is_written_to_in_a_way_that_does_not_reach_them(usable, tried, preferred):
    known = standing(usable=usable, order=usual_order(preferred))

    found = step(known, wanted(tried=tried))

    left = set(found.channels) if isinstance(found, Send) else set()
    assert left == usable - tried
