"""Whatever is said of a delivery, in whatever order, it ends as what really happened to it."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.notifications.delivery.commands import (
    Fail,
    KeepReceipt,
    PutOff,
    RecordAcceptance,
    RecordSeenTo,
)
from services.notifications.delivery.models import Attempt, Receipt
from services.notifications.delivery.rules import Accepted, NotCalled, Outgoing
from services.notifications.delivery.wire import PROVIDER
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.messages import queries as message_queries
from services.notifications.messages.models import Message
from services.notifications.people.subscribers import keep_death
from shared.errors import NotFoundError
from shared.messaging.tables import OutboxMessage
from tests.factories import TUESDAY_AT_TEN
from tests.integration.notifications import facts


def receipt(message, provider_id, status, **changed):
    known = {
        "provider": PROVIDER,
        "provider_id": provider_id,
        "reference": message.delivery_id,
        "status": status,
        "completed_at": TUESDAY_AT_TEN,
    }
    return KeepReceipt(**{**known, **changed})


def channels_of(message):
    return [(one.channel, one.state) for one in message.deliveries]


@pytest.mark.parametrize("status", ["delivered", "temporary-failure"])
def test_acceptance_and_receipts_end_the_same_in_every_order(
    waiting_message, claim, do, now, events, *, status
):
    for order in permutations(range(4)):
        message, provider_id = waiting_message(), str(uuid4())
        claim(message)
        news = [
            RecordAcceptance(delivery_id=message.delivery_id, provider_id=provider_id),
            receipt(message, provider_id, "sending", completed_at=None),
            receipt(message, provider_id, status),
            receipt(message, provider_id, status),
        ]

        do(*(news[position] for position in order))

        ended = now(message)
        first = ended.deliveries[0]
        assert (first.provider_id, first.accepted_at) == (provider_id, TUESDAY_AT_TEN)
        if status == "delivered":
            assert (ended.state, channels_of(ended)) == ("delivered", [("sms", "delivered")])
        else:
            assert ended.state == "waiting"
            assert channels_of(ended) == [("sms", "failed"), ("email", "ready")]
    outcome = ["message_delivered"] if status == "delivered" else []
    assert sorted(events()) == sorted(["message_sent", *outcome] * 24)


@pytest.mark.parametrize("is_early", [True, False])
def test_a_receipt_without_our_reference_is_matched_by_the_providers_id(
    waiting_message, claim, do, now, is_early
):
    message, provider_id = waiting_message(), str(uuid4())
    claim(message)
    accepted = RecordAcceptance(delivery_id=message.delivery_id, provider_id=provider_id)
    told = receipt(message, provider_id, "delivered", reference=None)

    do(*((told, accepted) if is_early else (accepted, told)))

    assert now(message).state == "delivered"


def test_another_providers_receipt_with_the_same_id_is_not_ours(waiting_message, accept, do, now):
    message = waiting_message()
    provider_id = accept(message)

    do(receipt(message, provider_id, "delivered", reference=None, provider="another"))

    assert now(message).state == "accepted"


def test_what_another_provider_says_of_our_reference_is_kept_and_changes_nothing(
    waiting_message, accept, do, now, transaction
):
    message = waiting_message()
    accept(message)

    do(receipt(message, "another-id", "delivered", provider="another"))

    assert now(message).state == "accepted"
    with transaction() as session:
        assert session.scalars(select(Receipt)).one().delivery_id is None


def test_a_receipt_of_nobodys_message_is_kept(transaction, do, waiting_message):
    message = waiting_message()

    do(receipt(message, str(uuid4()), "delivered", reference=uuid4()))

    with transaction() as session:
        kept = session.scalars(select(Receipt)).one()
        assert kept.delivery_id is None
        assert session.scalars(select(Message)).one().state == "waiting"


def test_a_receipt_told_again_is_kept_once(transaction, do, waiting_message):
    message, provider_id = waiting_message(), str(uuid4())

    do(*[receipt(message, provider_id, "sending", completed_at=None)] * 3)

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Receipt)) == 1


def fail_all(message, do, now, *, reason="temporary_failure"):
    """Let every channel fail, one after the other; returns the message as it is then."""
    message = now(message)
    while message.state == "waiting":
        do(Fail(delivery_id=message.delivery_id, reason=reason))
        message = now(message)
    return message


def test_each_channel_is_tried_in_the_persons_order_and_then_somebody_has_to(
    waiting_message, do, now, events, tasks
):
    message = fail_all(waiting_message("letter"), do, now)

    assert [one.channel for one in message.deliveries] == ["letter", "email", "sms"]
    assert [one.ordinal for one in message.deliveries] == [1, 2, 3]
    assert (message.state, message.reason) == ("failed", "temporary_failure")
    assert events() == ["message_undeliverable"]
    (task,) = tasks()
    assert (task["role"], task["about"]) == ("care_coordinator", f"message/{message.message_id}")
    assert task["due_at"] == TUESDAY_AT_TEN + timedelta(days=2)


def test_what_is_critical_is_the_coordinators_task_within_hours(waiting_message, do, now, tasks):
    critical = waiting_message("sms", assessment.tell_rapid_review, facts.review_due)

    fail_all(critical, do, now)

    assert [task["due_at"] for task in tasks()] == [TUESDAY_AT_TEN + timedelta(hours=4)]


def test_a_task_ends_when_somebody_says_that_the_person_was_told(waiting_message, do, now, tasks):
    message, somebody = fail_all(waiting_message(), do, now), uuid4()

    for who in (somebody, uuid4()):
        do(RecordSeenTo(message_id=message.message_id, seen_to_by=who))

    assert tasks() == []
    assert now(message).seen_to_by == somebody


def test_only_what_reached_nobody_can_be_seen_to(waiting_message, do):
    for message_id in (waiting_message().message_id, uuid4()):
        with pytest.raises(NotFoundError):
            do(RecordSeenTo(message_id=message_id, seen_to_by=uuid4()))


def test_tasks_are_those_of_a_role(waiting_message, do, now, tasks):
    fail_all(waiting_message(), do, now)

    assert (len(tasks(None)), len(tasks("broker"))) == (1, 0)


def test_the_truth_from_the_provider_beats_our_giving_up(waiting_message, do, now, events, tasks):
    message = waiting_message()
    failed = fail_all(message, do, now, reason="out_of_tries")

    do(
        receipt(message, str(uuid4()), "delivered"),
        Fail(delivery_id=message.delivery_id, reason="out_of_tries"),
    )

    assert failed.state == "failed"
    assert (now(message).state, now(message).reason) == ("delivered", None)
    assert events() == ["message_undeliverable", "message_delivered"]
    assert tasks() == []


def test_what_arrived_after_all_is_not_sent_by_the_next_channel(waiting_message, do, now, claim):
    message = waiting_message()
    do(Fail(delivery_id=message.delivery_id, reason="out_of_tries"))
    second = now(message)

    do(receipt(message, str(uuid4()), "delivered"))

    assert claim(second) == NotCalled()
    assert channels_of(now(message)) == [("sms", "delivered"), ("email", "withdrawn")]


def test_what_arrived_after_all_does_not_wait_for_tomorrow(waiting_message, claim, do, now):
    message = waiting_message()
    do(Fail(delivery_id=message.delivery_id, reason="out_of_tries"))
    second = now(message)
    claim(second)
    do(receipt(message, str(uuid4()), "delivered"))

    tomorrow = TUESDAY_AT_TEN + timedelta(days=1)
    do(PutOff(delivery_id=second.delivery_id, until=tomorrow))

    assert now(message).state == "delivered"
    assert channels_of(now(message)) == [("sms", "delivered"), ("email", "withdrawn")]


def test_an_acceptance_recorded_twice_is_told_once(waiting_message, accept, do, events):
    message = waiting_message()
    provider_id = accept(message)

    do(RecordAcceptance(delivery_id=message.delivery_id, provider_id=provider_id))

    assert events() == ["message_sent"]


def test_a_letter_counts_as_delivered_as_soon_as_the_provider_takes_it(
    waiting_message, accept, now, events
):
    message = waiting_message("letter")

    accept(message)

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
def test_a_message_is_sent_to_where_the_person_is_now(
    waiting_message, claim, transaction, channel, to
):
    message = waiting_message(channel)

    outgoing = claim(message)

    assert outgoing == Outgoing(
        reference=str(message.delivery_id),
        channel=channel,
        to=to,
        subject=message.subject,
        body=message.body,
    )
    with transaction() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.number, attempt.called_at) == (1, TUESDAY_AT_TEN)
        assert (attempt.provider, attempt.outcome) == (PROVIDER, None)


def test_each_call_is_an_attempt_of_its_own(waiting_message, claim, do, transaction):
    message = waiting_message()
    for _ in range(3):
        claim(message)

    do(RecordAcceptance(delivery_id=message.delivery_id, provider_id="abc"))

    with transaction() as session:
        attempts = session.scalars(select(Attempt).order_by(Attempt.number)).all()
    assert [(one.number, one.outcome) for one in attempts] == [
        (1, None),
        (2, None),
        (3, "accepted"),
    ]


def test_a_phone_that_is_no_longer_safe_gets_no_text_but_the_person_an_email(
    known, waiting_message, claim, now, transaction
):
    message = waiting_message()
    known(version=10_000_000, is_safe_to_text=False)

    assert claim(message) == NotCalled()

    assert channels_of(now(message)) == [("sms", "withdrawn"), ("email", "ready")]
    with transaction() as session:
        assert session.scalars(select(Attempt)).all() == []
    assert claim(message) == NotCalled()  # and the first one not any more
    assert claim(now(message)).channel == "email"


def test_whoever_died_meanwhile_is_written_to_no_more(hear, waiting_message, claim, now, events):
    message = waiting_message()
    hear((keep_death, facts.person_died()))

    assert claim(message) == NotCalled()

    assert (now(message).state, now(message).reason) == ("suppressed", "deceased")
    assert events() == []


def test_what_the_provider_has_already_is_not_sent_again(waiting_message, do, claim):
    message, provider_id = waiting_message(), str(uuid4())
    do(receipt(message, provider_id, "sending", completed_at=None))

    assert claim(message) == Accepted(provider_id=provider_id)


def test_totals_count_what_arrived_what_is_open_and_what_failed(
    waiting_message, accept, do, now, transaction
):
    arrived, open_one, failed = (waiting_message() for _ in range(3))
    letter, email = waiting_message("letter"), waiting_message("email")
    do(receipt(arrived, str(uuid4()), "delivered"))
    fail_all(failed, do, now)
    accept(letter)
    accept(email)

    with transaction() as session:
        totals = message_queries.totals({}, session=session)

    assert open_one.state == "waiting"
    ended = {"held": 0, "suppressed": 0, "cancelled": 0, "failed": 1}
    others = totals.pop("others")
    assert totals == {"sms": 1, "email": 0, "letter": 1, "open": 2, **ended}
    # What failed waits for a care coordinator, who is not known yet.
    assert {name: count for name, count in others.items() if count} == {"held": 1}


def test_events_of_receipts_go_on_with_the_story_of_their_message(waiting_message, do, transaction):
    message, later = waiting_message(), TUESDAY_AT_TEN + timedelta(minutes=1)

    do(receipt(message, str(uuid4()), "delivered", completed_at=later))

    with transaction() as session:
        told = session.scalars(select(OutboxMessage)).one()
        assert told.correlation_id == message.correlation_id
        assert told.body["data"]["person_id"] == str(facts.ALEX)
        assert UUID(told.body["data"]["message_id"]) == message.message_id
