"""What no receipt tells of is asked for, and after three days the next channel is tried."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notifications import errands
from services.notifications.delivery.commands import KeepReceipt
from services.notifications.delivery.models import Receipt
from services.notifications.delivery.wire import PROVIDER
from shared.database import open_engine, open_sessions
from shared.messaging.errands import OutcomeUnknownError
from tests.factories import a_trace

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_silent_delivery_is_asked_for_every_ten_minutes_and_then_every_hour(
    waiting_message, accept, look, asked
):
    accept(waiting_message())

    for since, times in [
        (9 * MINUTE, 0),
        (10 * MINUTE, 1),
        (19 * MINUTE, 1),
        (20 * MINUTE, 2),
        (115 * MINUTE, 3),
        (150 * MINUTE, 3),
        (175 * MINUTE, 4),
    ]:
        look(since)
        assert asked() == times, since


def test_of_what_came_to_an_end_and_of_what_was_never_taken_nobody_is_asked(
    waiting_message, accept, do, look, asked
):
    waiting_message()
    told = waiting_message()
    receipt = KeepReceipt(
        provider=PROVIDER,
        provider_id=accept(told),
        reference=told.delivery_id,
        status="delivered",
        completed_at=None,
    )
    do(receipt)

    assert look(10 * HOUR) == 0
    assert asked() == 0


class _Provider:
    """Answers one word, or nothing."""

    name = PROVIDER

    def __init__(self, word):
        self._word = word

    def status(self, provider_id):
        if self._word == "unknown":
            raise OutcomeUnknownError
        return self._word


@pytest.fixture
def ask(servers, transaction):
    """Ask a provider as the errand does, and record what it says."""
    url = servers.process_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)

    def ask_it(message, word):
        asking = errands.Asking(
            sessions=open_sessions(engine), providers={PROVIDER: _Provider(word)}
        )
        arguments = {"delivery_id": str(message.delivery_id)}
        answer = asking.call(uuid4(), arguments)
        with transaction() as session:
            errands.record_status(answer, arguments, session=session, trace=a_trace())

    yield ask_it
    engine.dispose()


@pytest.mark.parametrize(
    ("word", "first", "state"),
    [
        ("delivered", "delivered", "delivered"),
        ("temporary-failure", "failed", "waiting"),
        ("sending", "accepted", "accepted"),
        ("a-new-word", "accepted", "accepted"),
        (None, "accepted", "accepted"),
        ("unknown", "accepted", "accepted"),
    ],
)
def test_what_is_answered_counts_as_if_it_had_been_told(
    waiting_message, accept, ask, now, *, word, first, state
):
    message = waiting_message()
    accept(message)

    for _ in range(2):
        ask(message, word)

    ended = now(message)
    assert (ended.deliveries[0].state, ended.state) == (first, state)


def test_what_is_answered_is_kept_as_a_receipt_once(waiting_message, accept, ask, transaction):
    message = waiting_message()
    accept(message)

    for _ in range(3):
        ask(message, "sending")

    with transaction() as session:
        (kept,) = session.scalars(select(Receipt))
        assert (kept.status, kept.delivery_id) == ("sending", message.delivery_id)


def test_what_was_never_taken_is_not_asked_for(waiting_message, ask, now):
    message = waiting_message()

    ask(message, "delivered")

    assert now(message).state == "waiting"


def test_after_three_days_of_silence_the_next_channel_is_tried(
    waiting_message, accept, look, now, events
):
    message = waiting_message()
    accept(message)

    look(73 * HOUR - MINUTE)
    assert now(message).state == "accepted"
    look(73 * HOUR)

    ended = now(message)
    assert [(one.channel, one.state, one.reason) for one in ended.deliveries] == [
        ("sms", "failed", "technical_failure"),
        ("email", "ready", None),
    ]
    assert events() == ["message_sent"]


def test_asking_that_was_given_up_leaves_a_delivery_as_it_is(
    waiting_message, accept, now, transaction
):
    message = waiting_message()
    accept(message)

    with transaction() as session:
        arguments = {"delivery_id": str(message.delivery_id)}
        errands.not_asked("out_of_tries", arguments, session=session, trace=a_trace())

    assert now(message).state == "accepted"
