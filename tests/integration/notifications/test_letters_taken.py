"""A letter that was taken counts as delivered, and is asked for until it was posted or was not."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import select

from operations.migrations import configuration
from services.notifications.delivery.commands import Fail, KeepReceipt, RecordAcceptance
from services.notifications.delivery.wire import PROVIDER
from services.notifications.outcomes import handlers, queries
from services.notifications.retention.commands import EmptyMessage
from services.notifications.retention.handlers import empty_message
from services.notifications.suppression.models import Suppression
from tests.factories import TUESDAY_AT_TEN, a_trace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOT_POSTED = {
    "validation-failed": "validation_failed",
    "virus-scan-failed": "virus_scan_failed",
    "technical-failure": "technical_failure",
    "permanent-failure": "permanent_failure",
    "cancelled": "cancelled_there",
}


@pytest.fixture
def letter(waiting_message, accept, now):
    """Have a letter that Notify took."""

    def taken():
        message = waiting_message("letter")
        accept(message)
        return now(message)

    return taken


@pytest.fixture
def answer(transaction):
    """Have Notify's answer recorded, as the errand does."""

    def answered(message, *statuses):
        for status in statuses:
            with transaction() as session:
                delivery_id = message.deliveries[0].delivery_id
                handlers.record_status(status, delivery_id, session=session, trace=a_trace())

    return answered


@pytest.fixture
def look(transaction):
    """Look for what is to be asked for at a time, twice, as two processes may."""

    def look_at(since_acceptance):
        at = TUESDAY_AT_TEN + since_acceptance
        with transaction() as session:
            silent = queries.silent(at, session=session)
        for one in [*silent, *silent]:
            with transaction() as session:
                handlers.find_out(one, session=session, trace=a_trace(at=at))

    return look_at


def a_receipt(delivery_id, provider_id, status):
    return KeepReceipt(
        provider=PROVIDER,
        provider_id=provider_id,
        reference=delivery_id,
        status=status,
        completed_at=None,
    )


def states_of(message):
    return [(one.channel, one.state) for one in message.deliveries]


def test_it_is_asked_for_after_an_hour_and_then_every_six(letter, look, asked):
    letter()

    for since, times in [
        (HOUR - timedelta(seconds=1), 0),
        (HOUR, 1),
        (6 * HOUR, 1),
        (7 * HOUR, 2),
        (8 * HOUR, 2),
        (13 * HOUR, 3),
        (9 * DAY, 4),
    ]:
        look(since)
        assert asked() == times, since


@pytest.mark.parametrize("status", ["received", "delivered"])
def test_once_it_was_posted_nobody_asks_any_more(letter, answer, look, asked, now, *, status):
    message = letter()

    answer(message, "accepted", status)
    for since in (HOUR, 15 * DAY):
        look(since)

    assert asked() == 0
    assert (now(message).state, now(message).delivered_at) == ("delivered", TUESDAY_AT_TEN)


@pytest.mark.parametrize("status", ["accepted", "pending-virus-check", "sending", "a-new-word"])
def test_until_then_it_counts_as_delivered(letter, answer, look, asked, now, *, status):
    message = letter()

    answer(message, status)
    look(HOUR)

    assert asked() == 1
    assert now(message).state == "delivered"


@pytest.mark.parametrize("status", NOT_POSTED)
def test_what_was_not_posted_goes_by_the_next_channel(letter, answer, now, transaction, status):
    message = letter()

    answer(message, "accepted", status, status)

    ended = now(message)
    assert (ended.state, ended.delivered_at, ended.message.ended_at) == ("waiting", None, None)
    assert states_of(ended) == [("letter", "failed"), ("email", "ready")]
    assert ended.deliveries[0].reason == NOT_POSTED[status]
    with transaction() as session:
        assert session.scalars(select(Suppression)).all() == []


def test_where_no_channel_is_left_somebody_has_to_tell_the_person(
    letter, answer, do, now, *, tasks, events
):
    message = letter()

    answer(message, "validation-failed")
    for _ in range(2):
        do(Fail(delivery_id=now(message).delivery_id, reason="temporary_failure"))

    assert states_of(now(message)) == [
        ("letter", "failed"),
        ("email", "failed"),
        ("sms", "failed"),
    ]
    assert now(message).state == "failed"
    assert len(tasks()) == 1
    assert events() == ["message_sent", "message_delivered", "message_undeliverable"]


def test_whose_words_were_forgotten_meanwhile_somebody_has_to_tell(
    letter, answer, now, tasks, transaction
):
    message = letter()
    with transaction() as session:
        forget = EmptyMessage(message_id=message.message_id)
        empty_message(forget, session=session, trace=a_trace(at=TUESDAY_AT_TEN + 8 * DAY))

    answer(message, "permanent-failure")

    assert (now(message).state, states_of(now(message))) == ("failed", [("letter", "failed")])
    assert len(tasks()) == 1


def test_after_a_fortnight_without_a_word_it_counts_as_posted(letter, look, now):
    message = letter()

    look(14 * DAY - timedelta(seconds=1))
    before = now(message).deliveries[0].settled_at
    look(14 * DAY)

    assert before is None
    assert states_of(now(message)) == [("letter", "delivered")]
    assert now(message).deliveries[0].settled_at is not None


def test_words_are_not_forgotten_while_they_are_to_be_said_again(letter, answer, now, transaction):
    message = letter()
    forget = EmptyMessage(message_id=message.message_id)  # as it was due a moment ago
    answer(message, "permanent-failure")
    with transaction() as session:
        empty_message(forget, session=session, trace=a_trace(at=TUESDAY_AT_TEN + 8 * DAY))

    assert now(message).deliveries[1].body is not None


def test_that_it_was_posted_beats_that_it_was_not_in_any_order(letter, answer, now):
    for order in permutations(("received", "permanent-failure")):
        message = letter()

        answer(message, *order)

        assert now(message).deliveries[0].state == "delivered"
        assert now(message).state == "delivered"


@pytest.mark.parametrize("status", ["received", "validation-failed"])
def test_acceptance_and_answers_end_the_same_in_every_order(
    waiting_message, claim, do, now, *, status
):
    for order in permutations(range(3)):
        message, provider_id = waiting_message("letter"), str(uuid4())
        claim(message)
        news = [
            RecordAcceptance(delivery_id=message.delivery_id, provider_id=provider_id),
            a_receipt(message.delivery_id, provider_id, "accepted"),
            a_receipt(message.delivery_id, provider_id, status),
        ]

        do(*(news[position] for position in order))

        ended = now(message)
        if status == "received":
            assert (ended.state, states_of(ended)) == ("delivered", [("letter", "delivered")])
            assert ended.delivery.settled_at == TUESDAY_AT_TEN
        else:
            assert ended.state == "waiting"
            assert states_of(ended) == [("letter", "failed"), ("email", "ready")]


def test_a_message_that_came_by_another_channel_stays_delivered(waiting_message, do, now):
    message = waiting_message("sms")
    do(Fail(delivery_id=message.delivery_id, reason="temporary_failure"))
    do(Fail(delivery_id=now(message).delivery_id, reason="temporary_failure"))
    letter, provider_id = now(message), str(uuid4())
    do(
        RecordAcceptance(delivery_id=letter.delivery_id, provider_id=provider_id),
        a_receipt(message.delivery_id, str(uuid4()), "delivered"),
        a_receipt(letter.delivery_id, provider_id, "permanent-failure"),
    )

    ended = now(message)
    assert (ended.state, ended.delivered_at) == ("delivered", TUESDAY_AT_TEN)
    assert states_of(ended) == [("sms", "delivered"), ("email", "failed"), ("letter", "failed")]


def test_letters_of_an_earlier_release_count_as_arrived(letter, servers, look, asked, now):
    message = letter()
    url = servers.migration_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    config = configuration("notifications", database_url=url)
    try:
        command.downgrade(config, "0013")
    finally:
        command.upgrade(config, "head")

    look(15 * DAY)

    assert asked() == 0
    assert (now(message).state, now(message).delivery.settled_at) == ("delivered", TUESDAY_AT_TEN)
