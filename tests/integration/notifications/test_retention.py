"""After some days the words are forgotten, and that something was sent is not."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from services.notifications.delivery.commands import Fail, RecordSeenTo
from services.notifications.messages import queries as message_queries
from services.notifications.messages.schemas import MessagesAsked
from tests.factories import TUESDAY_AT_TEN
from tests.integration.notifications import facts

DAY = timedelta(days=1)


def test_a_delivered_message_is_forgotten_after_a_week_but_for_the_fact(
    waiting_message, accept, empty, now, transaction
):
    message = waiting_message("letter")
    accept(message)

    assert empty(7 * DAY - timedelta(seconds=1)) == 0
    assert now(message).body is not None
    assert empty(7 * DAY) == 1

    emptied = now(message)
    assert (emptied.facts, emptied.subject, emptied.body) == (None, None, None)
    assert emptied.emptied_at == TUESDAY_AT_TEN + 7 * DAY
    assert empty(8 * DAY) == 0
    with transaction() as session:
        asked = MessagesAsked(person_id=facts.ALEX)
        (shown,) = message_queries.messages(asked, session=session)
    assert (shown["topic"], shown["channel"], shown["state"]) == ("refund", "letter", "delivered")
    assert shown["body"] is None


def test_every_channels_words_are_forgotten(waiting_message, accept, do, now, empty):
    message = waiting_message("sms")
    do(Fail(delivery_id=message.delivery_id, reason="temporary_failure"))
    do(Fail(delivery_id=now(message).delivery_id, reason="temporary_failure"))
    accept(now(message))

    empty(7 * DAY)

    assert [one.body for one in now(message).deliveries] == [None] * 3


def test_what_is_under_way_or_somebodys_task_keeps_its_words(
    waiting_message, accept, do, now, empty
):
    under_way, task = waiting_message(), waiting_message()
    accept(under_way)
    while now(task).state == "waiting":
        do(Fail(delivery_id=now(task).delivery_id, reason="temporary_failure"))

    assert empty(30 * DAY) == 0
    assert now(task).body is not None

    do(RecordSeenTo(message_id=task.message_id, seen_to_by=uuid4()))
    assert empty(30 * DAY) == 1
    assert now(task).body is None


def test_nothing_of_what_was_said_is_left_in_the_tables(
    waiting_message, accept, empty, transaction
):
    message = waiting_message("letter")
    accept(message)
    empty(7 * DAY)

    with transaction() as session:
        rows = [
            str(session.execute(select(type(one).__table__)).all())
            for one in (message.message, message.delivery)
        ]
    assert "240.00" not in "".join(rows)
