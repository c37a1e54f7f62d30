"""What the tests of notifications do again and again."""

import time
from dataclasses import dataclass
from functools import partial
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notifications.delivery import claims, handlers
from services.notifications.delivery.commands import (
    CancelMessage,
    Fail,
    KeepReceipt,
    PutOff,
    RecordAcceptance,
    RecordSeenTo,
)
from services.notifications.delivery.queries import open_tasks
from services.notifications.delivery.wire import PROVIDER
from services.notifications.from_budget import subscribers as budget
from services.notifications.latecomers.subscribers import keep_care_team
from services.notifications.messages.commands import GoOn
from services.notifications.messages.handlers import go_on
from services.notifications.messages.models import Delivery, Message
from services.notifications.outcomes import handlers as outcomes
from services.notifications.outcomes import queries as outcome_queries
from services.notifications.people.subscribers import keep_contact_details
from services.notifications.reaching.rules import Reason
from services.notifications.retention import handlers as retention
from services.notifications.retention import queries as retention_queries
from shared.messaging.tables import Errand, OutboxMessage
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def suite_clock(monkeypatch):
    """Let it be Tuesday at ten for the suite: no letter waits because it is night out here."""
    monkeypatch.setattr("shared.clock.now", lambda: TUESDAY_AT_TEN)


@pytest.fixture
def hear(transaction):
    """Give events to subscribers, each in a transaction of its own."""

    def hear_all(*heard, at=TUESDAY_AT_TEN):
        for subscriber, event in heard:
            with transaction() as session:
                subscriber(event, session=session, trace=a_trace(at=at))

    return hear_all


@pytest.fixture
def known(hear):
    """Let Alex's contact details arrive, with what a test changes of them."""

    def arrive(**changed):
        hear((keep_contact_details, facts.contact_details(**changed)))

    return arrive


@pytest.fixture
def team(hear):
    def arrive(*members, **changed):
        hear((keep_care_team, facts.care_team(*members, **changed)))

    return arrive


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message with its last delivery; each has the attributes that tests look at."""

    message: Message
    delivery: Delivery | None
    deliveries: list

    def __getattr__(self, name):
        of_message = hasattr(Message, name) and name != "language"
        return getattr(self.message if of_message else self.delivery, name)


def told(message, session):
    deliveries = Delivery.of(message.message_id, session=session)
    last = deliveries[-1] if deliveries else None
    return Told(message=message, delivery=last, deliveries=deliveries)


@pytest.fixture
def messages(transaction):
    """Return the messages to whoever is known; what waits for others is ``latecomers``' subject."""

    def all_messages():
        with transaction() as session:
            is_to_somebody = Message.reason.is_distinct_from(Reason.NOT_KNOWN_YET)
            found = select(Message).where(is_to_somebody).order_by(Message.created_at)
            return [told(message, session) for message in session.scalars(found).all()]

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
            return told(session.get_one(Message, message.message_id), session)

    return look


@pytest.fixture
def waiting_message(known, hear, now, transaction):
    """Have one message that waits to be sent, by the channel a test needs."""
    versions = count(1)

    def wait(channel="sms", subscriber=budget.tell_refund, event=facts.refund_posted):
        heard = event()
        known(version=next(versions), preferred_channel=channel)
        hear((subscriber, heard))
        with transaction() as session:
            found = select(Message).where(Message.event_id == heard.event_id)
            return now(session.scalars(found).one())

    return wait


@pytest.fixture
def do(transaction):
    """Carry out commands of delivery, each in a transaction of its own."""
    handler_of = {
        RecordAcceptance: handlers.record_acceptance,
        Fail: handlers.fail,
        KeepReceipt: handlers.keep_receipt,
        RecordSeenTo: handlers.record_seen_to,
        CancelMessage: handlers.cancel_message,
        PutOff: claims.put_off,
        GoOn: go_on,
    }

    def do_all(*commands, at=TUESDAY_AT_TEN):
        for command in commands:
            with transaction() as session:
                trace = a_trace(at=at)
                handler_of[type(command)](command, session=session, trace=trace)

    return do_all


@pytest.fixture
def claim(transaction):
    """Claim the last delivery of a message, as the errand does before it calls."""

    def claim_it(message, *, at=TUESDAY_AT_TEN, delivery_id=None):
        with transaction() as session:
            return claims.claim(
                delivery_id or message.delivery_id,
                provider_of=lambda *_whom, **_how: PROVIDER,
                called_at=TUESDAY_AT_TEN,
                session=session,
                trace=a_trace(at=at),
            )

    return claim_it


@pytest.fixture
def accept(claim, do):
    """Have a message sent and taken by the provider; returns the provider's id."""

    def accept_it(message, *, at=TUESDAY_AT_TEN, provider_id=None):
        provider_id = provider_id or str(uuid4())
        claim(message, at=at)
        do(RecordAcceptance(delivery_id=message.delivery_id, provider_id=provider_id), at=at)
        return provider_id

    return accept_it


@pytest.fixture
def tasks(transaction):
    """What waits for the care coordinator."""

    def waiting(role="care_coordinator"):
        with transaction() as session:
            return open_tasks({"role": role}, session=session)

    return waiting


@pytest.fixture
def timetable(transaction):
    """Do what is due a time after a Tuesday at ten, twice, as two processes may."""

    def look(due, handler, after):
        at = TUESDAY_AT_TEN + after
        with transaction() as session:
            commands = due(at, session=session)
        for command in [*commands, *commands]:
            with transaction() as session:
                handler(command, session=session, trace=a_trace(at=at))
        return len(commands)

    return look


@pytest.fixture
def empty(timetable):
    """Forget what is to be forgotten after a time; returns how many messages."""
    return partial(timetable, retention_queries.to_empty, retention.empty_message)


@pytest.fixture
def look(timetable):
    """Look for silent deliveries after a time; returns how many."""
    return partial(timetable, outcome_queries.silent, outcomes.find_out)


@pytest.fixture
def asked(transaction):
    """Return how often a provider was to be asked."""

    def count():
        with transaction() as session:
            found = select(Errand).where(Errand.kind == outcomes.ASK_PROVIDER)
            return len(session.scalars(found).all())

    return count


@pytest.fixture
def ended(messages, transaction):
    """Wait until the message is in ``state`` and its errands are over, and return the message."""

    def is_over(state):
        with transaction() as session:
            errands = set(session.scalars(select(Errand.state)))
        return errands <= {"done", "failed"} and messages()[0].state == state

    def wait(state="delivered"):
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not is_over(state):
            assert time.monotonic() < give_up_at, f"it is {messages()[0].state}"
        return messages()[0]

    return wait
