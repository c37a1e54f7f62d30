"""By which channel somebody is told now, or why they are not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.people.rules import Channel, usual_order
from services.notifications.reaching.rules import Send, Standing, Stop, Wait, Wanted, next_step

ANY = (Channel.SMS, Channel.EMAIL, Channel.LETTER)
WRITTEN = (Channel.EMAIL, Channel.LETTER)
EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
channels = st.sampled_from(Channel)


def standing(**changed):
    usual = {
        "is_dead": False,
        "order": usual_order(Channel.SMS),
        "usable": frozenset(ANY),
        "suppressed": frozenset(),
        "held": frozenset(),
        "declined": frozenset(),
        "quiet_until": None,
        "unsafe_until": None,
        "language": "en",
        "accessible_format": None,
    }
    return Standing(**{**usual, **changed})


def wanted(**changed):
    usual = {"topic": "refund", "allowed": ANY, "is_critical": False}
    return Wanted(**{**usual, **changed})


def step(known=None, asked=None):
    return next_step(known or standing(), asked or wanted())


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


def test_at_night_it_waits_unless_it_is_critical():
    night = standing(quiet_until=EIGHT)

    assert step(night) == Wait(reason="quiet_hours", until=EIGHT)
    assert isinstance(step(night, wanted(is_critical=True)), Send)


def test_what_reaches_nobody_is_somebodys_task_at_night_too():
    night = standing(quiet_until=EIGHT, usable=frozenset())

    assert isinstance(step(night), Stop)


def test_a_topic_that_the_person_declined_is_not_told_unless_it_is_critical():
    known = standing(declined=frozenset({"refund"}))

    assert step(known) == Stop(reason="declined", is_for_somebody=False)
    assert isinstance(step(known, wanted(topic="other")), Send)
    assert isinstance(step(known, wanted(is_critical=True)), Send)


def test_a_channel_that_was_not_chosen_is_not_used():
    assert step(standing(order=[Channel.EMAIL])) == Send(channels=["email"])


HELD = Wait(reason="safeguarding", until=None)


@pytest.mark.parametrize("is_critical", [True, False])
@pytest.mark.parametrize(
    "known",
    [
        {},
        {"quiet_until": EIGHT},
        {"declined": frozenset({"refund"})},
        {"usable": frozenset()},
        {"suppressed": frozenset(ANY)},
    ],
)
def test_a_hold_beats_everything(known, is_critical):
    held = standing(held=frozenset(Channel), **known)

    assert step(held, wanted(is_critical=is_critical)) == HELD


def test_a_hold_of_some_channels_leaves_the_others_and_is_waited_for_at_last():
    held = standing(held=frozenset({Channel.SMS}))

    assert step(held) == Send(channels=["email", "letter"])
    assert step(held, wanted(tried=set(WRITTEN))) == HELD


def test_a_suppressed_channel_is_not_used_and_somebody_tells_if_all_are():
    assert step(standing(suppressed=frozenset({Channel.SMS}))) == Send(channels=["email", "letter"])
    assert isinstance(step(standing(suppressed=frozenset(ANY))), Stop)


@given(usable=st.frozensets(channels), tried=st.frozensets(channels), preferred=channels)
def test_nobody_is_written_to_in_a_way_that_does_not_reach_them(usable, tried, preferred):
    known = standing(usable=usable, order=usual_order(preferred))

    found = step(known, wanted(tried=tried))

    left = set(found.channels) if isinstance(found, Send) else set()
    assert left == usable - tried


def test_outside_the_hours_in_which_contact_is_safe_even_what_is_critical_waits():
    known = standing(unsafe_until=EIGHT)

    waits = step(known, wanted(is_critical=True))

    assert waits == Wait(reason="unsafe_hours", until=EIGHT)


def test_a_letter_comes_when_it_comes_whatever_the_hour_is():
    known = standing(unsafe_until=EIGHT, usable=frozenset({Channel.LETTER}))

    assert step(known) == Send(channels=[Channel.LETTER])


@pytest.mark.parametrize(
    ("put_off", "is_critical", "goes"),
    [
        (["sms"], True, ["email", "letter"]),
        (["sms", "email"], True, ["letter"]),
        (["sms", "email", "letter"], True, None),
        (["email"], True, ["sms", "letter"]),
        (["sms"], False, None),
        (["email"], False, None),
        ([], False, ["sms", "email", "letter"]),
    ],
)
def test_only_what_is_critical_goes_another_way_when_a_provider_is_full(put_off, is_critical, goes):
    nine = EIGHT.replace(hour=9)
    full = dict(zip(map(Channel, put_off), [nine, EIGHT, nine], strict=False))

    found = step(asked=wanted(put_off=full, is_critical=is_critical))

    until = min(full.values(), default=None)
    wait = Wait(reason="daily_limit", until=until)
    assert found == (Send(channels=goes) if goes else wait)


def test_a_provider_that_is_full_and_not_to_be_used_is_not_waited_for():
    known = standing(suppressed=frozenset({Channel.SMS}))

    assert step(known, wanted(put_off={Channel.SMS: EIGHT})) == Send(channels=["email", "letter"])
