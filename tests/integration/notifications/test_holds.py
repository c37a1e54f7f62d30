"""A safeguarding hold beats everything, and nobody learns of it by a message or by asking."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from marshmallow import ValidationError

from services.notifications.delivery.commands import Fail
from services.notifications.delivery.rules import NotCalled
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.messages import queries as message_queries
from services.notifications.messages.schemas import MessagesAsked
from services.notifications.people.subscribers import keep_contact_details, keep_merged
from services.notifications.safeguarding import handlers, queries
from services.notifications.safeguarding.schemas import (
    HoldForSafeguardingForm,
    HoldsForm,
    ReleaseSafeguardingHoldForm,
)
from shared.errors import IdReusedError, NotFoundError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts

HOLD_ID = UUID("a1e00000-0000-4000-8000-00000000000a")
REFUND = (budget.tell_refund, facts.refund_posted)
REVIEW = (assessment.tell_rapid_review, facts.review_due)


def hold_form(**changed):
    asked = {
        "hold_id": str(HOLD_ID),
        "person_id": str(facts.ALEX),
        "review_by": "2026-12-08",
        "set_by": str(uuid4()),
        "reason": "Somebody else reads the phone.",
    }
    return HoldForSafeguardingForm().load({**asked, **changed})


def release_form(**changed):
    asked = {"hold_id": str(HOLD_ID), "released_by": str(uuid4()), "reason": "They moved out."}
    return ReleaseSafeguardingHoldForm().load({**asked, **changed})


@pytest.fixture
def hold(transaction):
    def hold_it(**changed):
        with transaction() as session:
            command = hold_form(**changed)
            handlers.hold_for_safeguarding(command, session=session, trace=a_trace())

    return hold_it


@pytest.fixture
def release(transaction, do):
    """Release a hold and do what is due then."""

    def release_it(**changed):
        with transaction() as session:
            command = release_form(**changed)
            handlers.release_safeguarding_hold(command, session=session, trace=a_trace())
        with transaction() as session:
            due = message_queries.due(TUESDAY_AT_TEN, session=session)
        do(*due)

    return release_it


@pytest.fixture
def shown(transaction):
    def show():
        with transaction() as session:
            return message_queries.messages(MessagesAsked(person_id=facts.ALEX), session=session)

    return show


@pytest.fixture
def holds(transaction):
    def show():
        with transaction() as session:
            asked = HoldsForm().load({"person_id": str(facts.ALEX)})
            return queries.safeguarding_holds(asked, session=session)

    return show


@pytest.mark.parametrize("told", [REFUND, REVIEW])
def test_nothing_is_sent_while_there_is_a_hold_and_all_of_it_afterwards(
    hold, release, waiting_message, now, told
):
    hold()

    message = waiting_message("sms", *told)

    assert (message.state, message.reason, message.deliveries) == ("held", "safeguarding", [])
    release()
    assert now(message).state == "waiting"


def test_what_is_on_its_way_when_a_hold_is_set_is_not_sent(
    waiting_message, hold, claim, now, release
):
    message = waiting_message()
    hold()

    assert claim(message) == NotCalled()

    assert now(message).state == "held"
    release()
    assert [(one.channel, one.state) for one in now(message).deliveries] == [
        ("sms", "withdrawn"),
        ("sms", "ready"),
    ]


def test_a_hold_that_is_known_before_the_person_counts(hold, known, hear, messages):
    hold()
    known()

    hear((REFUND[0], REFUND[1]()))

    assert [message.state for message in messages()] == ["held"]


def test_a_hold_under_one_id_counts_under_the_other(hold, known, hear, messages):
    twin = uuid4()
    known()
    hear(
        (keep_contact_details, facts.contact_details(person_id=twin)),
        (keep_merged, facts.people_merged(twin, facts.ALEX)),
    )
    hold(person_id=str(twin))

    hear((REFUND[0], REFUND[1]()))

    assert [message.state for message in messages()] == ["held"]


def test_a_hold_of_one_channel_leaves_the_others(waiting_message, hold, claim, now, do):
    message = waiting_message()
    hold(channel="sms")

    assert claim(message) == NotCalled()

    assert now(message).channel == "email"
    for _ in range(2):
        do(Fail(delivery_id=now(message).delivery_id, reason="technical_failure"))
    # The held channel is still to be tried: it is no case for somebody yet.
    assert (now(message).state, now(message).reason) == ("held", "safeguarding")


def test_whoever_asks_for_the_messages_does_not_learn_of_the_hold(known, hold, hear, shown):
    known()
    hold()

    hear((REFUND[0], REFUND[1]()))

    (message,) = shown()
    assert (message["state"], message["reason"]) == ("waiting", None)
    assert "safeguarding" not in str(message)


def test_two_holds_are_released_one_by_one(known, hold, hear, release, messages):
    known()
    second = str(uuid4())
    hold()
    hold(hold_id=second)
    hear((REFUND[0], REFUND[1]()))

    release()
    assert [message.state for message in messages()] == ["held"]
    release(hold_id=second)
    assert [message.state for message in messages()] == ["waiting"]


def test_a_hold_of_one_channel_that_stays_keeps_nothing_else(known, hold, hear, release, messages):
    known()
    hold()
    hold(hold_id=str(uuid4()), channel="sms")
    hear((REFUND[0], REFUND[1]()))

    release()

    (message,) = messages()
    assert (message.state, message.channel) == ("waiting", "email")


def test_what_waits_for_a_channel_goes_by_another_as_soon_as_there_is_one(
    known, hold, hear, messages, *, transaction, do
):
    known(email=None, address_lines=[])
    hold(channel="sms")
    hear((REFUND[0], REFUND[1]()))
    assert [message.reason for message in messages()] == ["safeguarding"]

    known(version=2)
    with transaction() as session:
        due = message_queries.due(TUESDAY_AT_TEN, session=session)
    do(*due)

    assert [message.channel for message in messages()] == ["email"]


def test_a_hold_is_set_and_released_once_with_who_and_why(hold, release, holds):
    for reason in ("Somebody else reads the phone.", "Another reason"):
        hold(reason=reason)
    for reason in ("They moved out.", "Another reason"):
        release(reason=reason)

    (shown,) = holds()
    assert shown["reason"] == "Somebody else reads the phone."
    assert shown["release_reason"] == "They moved out."
    assert shown["released_at"] == TUESDAY_AT_TEN


def test_an_id_of_another_hold_is_refused(hold, holds):
    hold()

    with pytest.raises(IdReusedError):
        hold(channel="sms")

    assert len(holds()) == 1


def test_what_is_not_there_cannot_be_released(release):
    with pytest.raises(NotFoundError):
        release(hold_id=str(uuid4()))


def test_somebody_looks_at_a_hold_again_by_the_day_that_was_set(hold, release, tasks):
    hold()

    (task,) = tasks()
    assert (task["kind"], task["due_at"]) == (
        "safeguarding_hold_review",
        datetime(2026, 12, 8, tzinfo=UTC),
    )
    assert "phone" not in task["words"]
    release()
    assert tasks() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"hold_id": "x"},
        {"person_id": None},
        {"channel": "pigeon"},
        {"review_by": None},
        {"review_by": "soon"},
        {"reason": ""},
        {"reason": "x" * 501},
        {"set_by": "Alex"},
        {"more": 1},
    ],
)
def test_holds_of_another_form_are_refused(wrong):
    with pytest.raises(ValidationError):
        hold_form(**wrong)


def test_a_release_needs_a_reason_and_somebody():
    for wrong in ({"reason": ""}, {"released_by": None}):
        with pytest.raises(ValidationError):
            release_form(**wrong)


def test_the_day_of_review_is_a_day():
    assert hold_form().review_by == date(2026, 12, 8)
