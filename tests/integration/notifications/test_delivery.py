"""Whatever is said of a message, in whatever order, it ends as what really happened to it."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.notifications.delivery import handlers, queries
from services.notifications.delivery.commands import GiveUp, KeepReceipt, RecordAcceptance
from services.notifications.delivery.models import Receipt
from services.notifications.delivery.rules import Outgoing
from services.notifications.messages import queries as message_queries
from services.notifications.messages.models import Message
from shared.messaging.errands import RefusedOutsideError
from shared.messaging.tables import OutboxMessage
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts


@pytest.fixture
def do(transaction):
    """Carry out commands, each in a transaction of its own."""
    handler_of = {
        RecordAcceptance: handlers.record_acceptance,
        GiveUp: handlers.give_up,
        KeepReceipt: handlers.keep_receipt,
    }

    def do_all(*commands):
        for command in commands:
            with transaction() as session:
                handler_of[type(command)](command, session=session, trace=a_trace())

    return do_all


@pytest.fixture
def start(transaction):
    def start_sending(message):
        with transaction() as session:
            return handlers.start_sending(message.message_id, session=session, at=TUESDAY_AT_TEN)

    return start_sending


def receipt(message, provider_id, status, **changed):
    known = {
        "provider_id": provider_id,
        "reference": message.message_id,
        "status": status,
        "completed_at": TUESDAY_AT_TEN,
    }
    return KeepReceipt(**{**known, **changed})


@pytest.mark.parametrize("status", ["delivered", "permanent-failure"])
def test_acceptance_and_receipts_end_the_same_in_every_order(
    waiting_message, do, now, events, status
):
    for order in permutations(range(4)):
        message, provider_id = waiting_message(), uuid4()
        news = [
            RecordAcceptance(message_id=message.message_id, provider_id=provider_id),
            receipt(message, provider_id, "sending", completed_at=None),
            receipt(message, provider_id, status),
            receipt(message, provider_id, status),
        ]

        do(*(news[position] for position in order))

        ended = now(message)
        assert ended.state == ("delivered" if status == "delivered" else "failed")
        assert ended.provider_id == provider_id
        assert ended.accepted_at == TUESDAY_AT_TEN
    outcome = "message_delivered" if status == "delivered" else "message_undeliverable"
    assert sorted(events()) == sorted(["message_sent", outcome] * 24)


@pytest.mark.parametrize("is_early", [True, False])
def test_a_receipt_without_our_reference_is_matched_by_the_providers_id(
    waiting_message, do, now, is_early
):
    message, provider_id = waiting_message(), uuid4()
    accepted = RecordAcceptance(message_id=message.message_id, provider_id=provider_id)
    told = receipt(message, provider_id, "delivered", reference=None)

    do(*((told, accepted) if is_early else (accepted, told)))

    assert now(message).state == "delivered"


def test_a_receipt_of_nobodys_message_is_kept(transaction, do, waiting_message):
    message = waiting_message()

    do(receipt(message, uuid4(), "delivered", reference=uuid4()))

    with transaction() as session:
        kept = session.scalars(select(Receipt)).one()
        assert kept.message_id is None
        assert session.scalars(select(Message)).one().state == "waiting"


def test_a_receipt_told_again_is_kept_once(transaction, do, waiting_message):
    message, provider_id = waiting_message(), uuid4()

    do(*[receipt(message, provider_id, "sending", completed_at=None)] * 3)

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_the_truth_from_the_provider_beats_our_giving_up(waiting_message, do, now, events):
    message = waiting_message()

    do(
        GiveUp(message_id=message.message_id, reason="out_of_tries"),
        receipt(message, uuid4(), "delivered"),
        GiveUp(message_id=message.message_id, reason="out_of_tries"),
    )

    assert now(message).state == "delivered"
    assert now(message).reason is None
    assert events() == ["message_undeliverable", "message_delivered"]


def test_an_acceptance_recorded_twice_is_told_once(waiting_message, do, events):
    message = waiting_message()
    accepted = RecordAcceptance(message_id=message.message_id, provider_id=uuid4())

    do(accepted, accepted)

    assert events() == ["message_sent"]


def test_a_letter_counts_as_delivered_when_the_provider_takes_it(waiting_message, do, now, events):
    message = waiting_message("letter")

    do(RecordAcceptance(message_id=message.message_id, provider_id=uuid4()))

    assert now(message).state == "delivered"
    assert now(message).delivered_at == TUESDAY_AT_TEN
    assert events() == ["message_sent", "message_delivered"]


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        ("sms", ["07700 900123"]),
        ("email", ["alex@example.org"]),
        ("letter", ["Alex Sample", "1 Example Street", "Exampleton", "ZZ99 3WZ"]),
    ],
)
def test_a_message_is_sent_to_where_the_person_is_now(waiting_message, start, now, channel, to):
    message = waiting_message(channel)

    outgoing = start(message)

    assert outgoing == Outgoing(
        reference=str(message.message_id),
        channel=channel,
        to=to,
        subject=message.subject,
        body=message.body,
    )
    assert now(message).called_at == TUESDAY_AT_TEN


def test_a_phone_that_is_no_longer_safe_gets_no_text(known, hear, waiting_message, start, now):
    message = waiting_message()
    known(version=10_000_000, is_safe_to_text=False)

    with pytest.raises(RefusedOutsideError, match="not_reached_by_sms"):
        start(message)

    assert now(message).called_at is None


def test_what_the_provider_has_already_is_not_sent_again(waiting_message, do, start):
    message, provider_id = waiting_message(), uuid4()
    do(receipt(message, provider_id, "sending", completed_at=None))

    assert start(message) == provider_id


def test_the_last_call_of_a_message_can_be_asked_for(waiting_message, start, transaction):
    message = waiting_message()

    def asked():
        with transaction() as session:
            return queries.last_call(message.message_id, session=session)

    assert asked() == (None, None)
    start(message)
    assert asked() == (None, TUESDAY_AT_TEN)


def test_totals_count_what_arrived_what_is_open_and_what_failed(waiting_message, do, transaction):
    arrived, open_one, failed = (waiting_message() for _ in range(3))
    letter, email = waiting_message("letter"), waiting_message("email")
    do(
        receipt(arrived, uuid4(), "delivered"),
        receipt(failed, uuid4(), "temporary-failure"),
        RecordAcceptance(message_id=letter.message_id, provider_id=uuid4()),
        RecordAcceptance(message_id=email.message_id, provider_id=uuid4()),
    )

    with transaction() as session:
        totals = message_queries.totals({}, session=session)

    assert open_one.state == "waiting"
    assert totals == {"sms": 1, "email": 0, "letter": 1, "open": 2, "failed": 1}


def test_events_of_receipts_go_on_with_the_story_of_their_message(waiting_message, do, transaction):
    message = waiting_message()

    do(receipt(message, uuid4(), "delivered", completed_at=TUESDAY_AT_TEN + timedelta(minutes=1)))

    with transaction() as session:
        told = session.scalars(select(OutboxMessage)).one()
        assert told.correlation_id == message.correlation_id
        assert told.body["data"]["person_id"] == str(facts.ALEX)
        assert UUID(told.body["data"]["message_id"]) == message.message_id
