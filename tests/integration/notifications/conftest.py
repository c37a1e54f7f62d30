"""What the tests of notifications do again and again."""

from itertools import count

import pytest
from sqlalchemy import select

from services.notifications.from_budget import subscribers as budget
from services.notifications.messages.models import Message
from services.notifications.people.subscribers import keep_contact_details, keep_named_contact
from shared.messaging.tables import OutboxMessage
from tests.factories import a_trace
from tests.integration.notifications import facts


@pytest.fixture
def hear(transaction):
    """Give events to subscribers, each in a transaction of its own."""

    def hear_all(*heard):
        for subscriber, event in heard:
            with transaction() as session:
                subscriber(event, session=session, trace=a_trace())

    return hear_all


@pytest.fixture
def known(hear):
    """Let Alex's contact details arrive, with what a test changes of them."""

    def arrive(**changed):
        hear((keep_contact_details, facts.contact_details(**changed)))

    return arrive


@pytest.fixture
def team(hear):
    def arrive(*members, version=1):
        hear((keep_named_contact, facts.care_team(*members, version=version)))

    return arrive


@pytest.fixture
def messages(transaction):
    def all_messages():
        with transaction() as session:
            return list(session.scalars(select(Message).order_by(Message.created_at)))

    return all_messages


@pytest.fixture
def events(transaction):
    """Name the events told so far, in order, without service and version."""

    def names():
        with transaction() as session:
            told = select(OutboxMessage.event_type).order_by(OutboxMessage.position)
            return [name.split(".")[1] for name in session.scalars(told)]

    return names


@pytest.fixture
def now(transaction):
    """Look at a message as it is now."""

    def look(message):
        with transaction() as session:
            return session.get_one(Message, message.message_id)

    return look


@pytest.fixture
def waiting_message(known, hear, transaction):
    """Have one message that waits to be sent, by the channel a test needs."""
    versions = count(1)

    def wait(channel="sms"):
        event = facts.refund_posted()
        known(version=next(versions), preferred_channel=channel)
        hear((budget.tell_refund, event))
        with transaction() as session:
            return session.scalars(select(Message).where(Message.event_id == event.event_id)).one()

    return wait
