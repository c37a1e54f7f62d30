"""What waits or goes wrong comes to an end: sent, told by somebody, or over with a reason."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.delivery.commands import Fail, PutOff
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.messages.commands import GoOn
from services.notifications.messages.models import Message
from tests.factories import TUESDAY_AT_TEN
from tests.integration.notifications import facts

AT_NIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 8, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)
CRITICAL = (assessment.tell_rapid_review, facts.review_due)


def ways(message):
    return [(one.channel, one.state, one.reason) for one in message.deliveries]


@pytest.fixture
def told(known, hear, messages):
    """Tell Alex, of whom something is different, of an event; returns the message."""

    def tell(subscriber, event, *, at=TUESDAY_AT_TEN, **changed):
        known(**changed)
        hear((subscriber, event()), at=at)
        (message,) = messages()
        return message

    return tell


def test_facts_that_later_words_do_not_fit_end_as_somebodys_task(told, do, now, transaction, tasks):
    message = told(budget.tell_refund, facts.refund_posted, at=AT_NIGHT)
    with transaction() as session:
        session.get_one(Message, message.message_id).facts = {"of_an_earlier_release": "£1.00"}

    do(GoOn(message_id=message.message_id), at=MORNING)
    do(GoOn(message_id=message.message_id), at=MORNING)

    assert (now(message).state, now(message).reason) == ("failed", "cannot_be_said")
    assert [task["about"] for task in tasks()] == [f"message/{message.message_id}"]


def test_facts_that_fit_no_more_after_a_failure_end_as_somebodys_task(
    waiting_message, do, now, transaction
):
    message = waiting_message()
    with transaction() as session:
        session.get_one(Message, message.message_id).facts = {}

    do(Fail(delivery_id=message.delivery_id, reason="technical_failure"))

    assert (now(message).state, now(message).reason) == ("failed", "technical_failure")


def test_a_critical_message_goes_another_way_when_its_provider_is_full(
    waiting_message, claim, do, now
):
    message = waiting_message("sms", *CRITICAL)
    claim(message)

    do(PutOff(delivery_id=message.delivery_id, until=MIDNIGHT))

    assert now(message).state == "waiting"
    assert ways(now(message)) == [
        ("sms", "withdrawn", "daily_limit"),
        ("email", "ready", None),
    ]
    assert claim(now(message)).channel == "email"


def test_a_critical_message_waits_only_when_every_provider_is_full_and_not_in_a_circle(
    told, claim, do, now
):
    message = told(*CRITICAL, address_lines=[])
    for _ in range(2):
        claim(now(message))
        do(PutOff(delivery_id=now(message).delivery_id, until=MIDNIGHT))

    waits = now(message)
    assert (waits.state, waits.reason, waits.not_before) == ("held", "daily_limit", MIDNIGHT)
    assert len(waits.deliveries) == 2
    do(GoOn(message_id=message.message_id), at=MIDNIGHT)
    assert now(message).channel == "sms"
    assert len(now(message).deliveries) == 3


@pytest.mark.parametrize("after_failure", [False, True])
def test_a_message_that_is_not_critical_waits_for_its_provider(
    waiting_message, do, now, after_failure
):
    message = waiting_message()
    if after_failure:
        do(Fail(delivery_id=message.delivery_id, reason="technical_failure"))

    do(PutOff(delivery_id=now(message).delivery_id, until=MIDNIGHT))

    waits = now(message)
    assert (waits.state, waits.reason, waits.not_before) == ("held", "daily_limit", MIDNIGHT)


def test_what_no_other_channel_can_say_waits_for_the_one_that_is_full(told, do, now):
    """A name too long for a text, and an e-mail's provider that is full."""
    changed = {"given_name": "Ż" * 150, "address_lines": [], "preferred_channel": "email"}
    message = told(*CRITICAL, **changed)
    assert message.channel == "email"

    do(PutOff(delivery_id=message.delivery_id, until=MIDNIGHT))

    assert (now(message).state, now(message).reason) == ("held", "daily_limit")
    assert TUESDAY_AT_TEN + timedelta(hours=14) == MIDNIGHT
