"""The relay sends what was committed, all of it, and what it cannot send holds nobody up."""

import json
from dataclasses import replace
from uuid import uuid4

import amqp
import pytest
from sqlalchemy import text

from operations.relay import _CLAIM, BATCH_SIZE, Relay
from shared.contracts import documents
from shared.contracts.payments.purchases import PurchaseCancelled, PurchaseRequested
from shared.database import open_engine
from shared.messaging import outbox, retention
from shared.messaging.holding import pause_seconds
from shared.messaging.publisher import connect
from shared.settings import ServiceSettings
from tests.factories import TUESDAY_AT_TEN, a_trace


@pytest.fixture
def payments(emptied, clean_broker):
    """Transactions on payments' database; the broker's queues for budget start empty."""
    return emptied("payments")


@pytest.fixture
def relay(servers):
    settings = ServiceSettings.from_environment(servers.process_environment("payments"))
    relay = Relay(service="payments", settings=settings)
    yield relay
    relay.stop()


def a_request():
    return PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=1,
    )


def save(transaction, *events):
    with transaction() as session:
        for event in events:
            outbox.add(session, event, trace=a_trace())


def states(transaction):
    with transaction() as session:
        rows = session.execute(text("SELECT event_type, state, last_error FROM outbox"))
        return sorted((row.event_type.split(".")[1], row.state, row.last_error) for row in rows)


def arrived(broker):
    connection = connect(broker.url(), name="tests")
    channel = connection.channel()
    messages = []
    while (message := channel.basic_get("budget.inbox", no_ack=True)) is not None:
        messages.append(message)
    connection.close()
    return messages


def test_what_was_committed_is_sent_once_oldest_first(payments, relay, broker):
    events = [a_request() for _ in range(250)]
    save(payments, *events)

    while relay.send_batch():
        pass

    messages = arrived(broker)
    sent = [json.loads(message.body)["id"] for message in messages]
    assert sent == [str(event.event_id) for event in events]
    assert messages[0].properties["message_id"] == sent[0]
    assert messages[0].properties["delivery_mode"] == 2
    assert {state for _, state, _ in states(payments)} == {"published"}
    assert relay.send_batch() == 0


def test_what_was_rolled_back_is_never_sent(payments, relay, broker):
    with payments() as session:
        outbox.add(session, a_request(), trace=a_trace())
        session.flush()
        session.rollback()

    relay.send_batch()

    assert arrived(broker) == []


def test_an_event_that_nobody_listens_to_is_told_all_the_same(payments, relay):
    event = PurchaseCancelled(occurred_at=TUESDAY_AT_TEN, purchase_id=uuid4(), budget_id=uuid4())
    save(payments, event)

    relay.send_batch()

    assert states(payments) == [("purchase_cancelled", "published", None)]


def test_an_event_that_does_not_reach_its_listener_is_parked_and_holds_nobody_up(
    payments, relay, broker
):
    connection = connect(broker.url(), name="tests")
    unbind = ("budget.inbox", "payments.events", "payments.purchase_requested.*")
    connection.channel().queue_unbind(*unbind)
    save(payments, a_request())
    relay.send_batch()
    connection.channel().queue_bind(*unbind)
    connection.close()

    save(payments, good := a_request())
    relay.send_batch()

    assert states(payments) == [
        ("purchase_requested", "parked", "NO_ROUTE"),
        ("purchase_requested", "published", None),
    ]
    assert [json.loads(message.body)["id"] for message in arrived(broker)] == [str(good.event_id)]


def test_a_relay_whose_broker_went_away_sends_everything_when_it_is_back(payments, relay, broker):
    save(payments, a_request())
    relay.send_batch()
    relay._publisher.close()  # as if the connection had been cut
    save(payments, a_request())

    with pytest.raises((OSError, amqp.AMQPError)):
        relay.send_batch()
    relay.send_batch()

    assert {state for _, state, _ in states(payments)} == {"published"}
    assert len({message.properties["message_id"] for message in arrived(broker)}) == 2


def test_a_broker_that_lets_nobody_in_is_no_fault_of_an_event(payments, servers, save_row):
    settings = ServiceSettings.from_environment(servers.process_environment("payments"))
    locked_out = replace(
        settings, broker_url=settings.broker_url.replace("payments:", "payments:x")
    )
    save(payments, a_request())
    save_row(attempts=19)

    with pytest.raises(ConnectionRefusedError):
        Relay(service="payments", settings=locked_out).send_batch()

    with payments() as session:
        rows = session.execute(text("SELECT state, attempts FROM outbox ORDER BY attempts"))
        assert [tuple(row) for row in rows] == [("pending", 0), ("pending", 19)]


def test_what_was_begun_earlier_and_committed_later_is_sent_too(payments, relay, broker):
    with payments() as slow:
        outbox.add(slow, early := a_request(), trace=a_trace())
        slow.flush()
        save(payments, late := a_request())
        relay.send_batch()
        assert [one.properties["message_id"] for one in arrived(broker)] == [str(late.event_id)]

    relay.send_batch()

    assert [one.properties["message_id"] for one in arrived(broker)] == [str(early.event_id)]


def test_what_waits_all_of_a_sudden_is_not_sorted_for_each_batch(payments, relay, save_row):
    """The statistics of an empty table know nothing of twenty thousand events."""
    with payments() as session:
        session.execute(
            text(
                "INSERT INTO outbox (message_id, event_type, subject, body, correlation_id,"
                " causation_id, state, attempts) SELECT gen_random_uuid(), 'x', 'x/1', '{}',"
                " gen_random_uuid(), gen_random_uuid(), 'pending', 0 FROM generate_series(1, 20000)"
            )
        )

    with relay._engine.begin() as connection:
        claim = text(f"EXPLAIN {_CLAIM.text}")
        plan = "\n".join(connection.scalars(claim, {"batch_size": BATCH_SIZE}))

    assert "Index Scan using outbox_" in plan  # in the order in which it is kept
    assert "Sort" not in plan


@pytest.mark.parametrize(("attempts", "most_seconds"), [(0, 1), (5, 32), (18, 300)])
def test_what_was_refused_waits_longer_each_time_and_never_all_together(
    payments, relay, save_row, attempts, most_seconds
):
    for _ in range(5):
        save_row("budget.hold_placed.v1", attempts=attempts)

    relay.send_batch()

    with payments() as session:
        waits = session.scalars(
            text("SELECT extract(epoch FROM next_attempt_at - clock_timestamp()) FROM outbox")
        ).all()
    assert len(set(waits)) == 5
    assert all(0.5 * most_seconds - 1 < wait <= most_seconds for wait in waits)
    assert max(waits) - min(waits) > 0.01 * most_seconds


def test_after_however_many_failures_it_is_tried_again_within_five_seconds():
    pauses = [pause_seconds(failures) for failures in (1, 2, 1_024, 100_000)]

    assert 0 < min(pauses) <= max(pauses) <= 5


def test_what_a_full_inbox_refuses_is_sent_when_there_is_room_again(payments, relay, broker):
    broker.limit("budget.inbox", messages=1)
    save(payments, *(a_request() for _ in range(30)))
    relay.send_batch()  # the limit is soft: a batch that is under way may pass it
    save(payments, late := a_request())
    relay.send_batch()
    kept = [one for one in states(payments) if one[1] == "pending"]

    broker.limit("budget.inbox", messages=None)
    arrived(broker)
    with payments() as session:
        session.execute(text("UPDATE outbox SET next_attempt_at = now()"))
    relay.send_batch()

    assert ("purchase_requested", "pending", "nack") in kept
    assert {state for _, state, _ in states(payments)} == {"published"}
    sent = [message.properties["message_id"] for message in arrived(broker)]
    assert str(late.event_id) in sent


@pytest.fixture
def save_row(payments):
    """Put a row into the outbox as no service of ours would."""
    statement = text(
        "INSERT INTO outbox (message_id, event_type, subject, body, correlation_id, causation_id,"
        " state, attempts, published_at) VALUES (gen_random_uuid(), :event_type, 'x/1',"
        " jsonb_build_object('padding', repeat('x', :size)), gen_random_uuid(), gen_random_uuid(),"
        " :state, :attempts, now() - make_interval(days => :days))"
    )

    def insert(event_type="payments.purchase_requested.v1", **changed):
        row = {"size": 1, "state": "pending", "attempts": 0, "days": 0, "event_type": event_type}
        with payments() as session:
            session.execute(statement, row | changed)

    return insert


def test_an_event_over_which_the_broker_closes_the_channel_holds_nobody_up(
    payments, relay, broker, save_row
):
    save(payments, first := a_request())
    save_row("budget.hold_placed.v1")  # payments may not speak for budget
    save(payments, last := a_request())

    assert relay.send_batch() == 3

    sent = {message.properties["message_id"] for message in arrived(broker)}
    assert sent == {str(first.event_id), str(last.event_id)}
    assert ("hold_placed", "pending", "403") in states(payments)


def test_an_event_that_was_refused_twenty_times_is_parked(payments, relay, save_row):
    save_row("budget.hold_placed.v1", attempts=19)

    relay.send_batch()

    assert states(payments) == [("hold_placed", "parked", "403")]


def test_an_event_too_large_for_any_listener_is_parked_and_holds_nobody_up(
    payments, relay, broker, save_row
):
    save_row(size=documents.LARGEST_MESSAGE_BYTES)
    save(payments, good := a_request())

    relay.send_batch()

    assert [one.properties["message_id"] for one in arrived(broker)] == [str(good.event_id)]
    assert ("purchase_requested", "parked", "too_large") in states(payments)


def test_what_was_sent_more_than_a_week_ago_is_cleared_and_nothing_else(
    payments, engines, save_row
):
    save_row("payments.sent_long_ago.v1", state="published", days=8)
    save_row("payments.sent_lately.v1", state="published", days=6)
    save_row("payments.parked_long_ago.v1", state="parked", days=80)
    save_row("payments.waiting_long.v1", state="pending", days=80)

    assert retention.clear_some(engines("payments"))

    assert [name for name, _, _ in states(payments)] == [
        *("parked_long_ago", "sent_lately", "waiting_long"),
    ]


# By the last one PostgreSQL looks for what to clear once for each row that there is.
WAYS = ("hashjoin", "mergejoin", "hashagg", "sort", "seqscan", "material")
PLANS = ("", " ".join(f"-c enable_{way}=off" for way in WAYS))


@pytest.mark.parametrize("plan", PLANS, ids=("its own plan", "the worst plan"))
def test_a_long_past_is_cleared_a_little_at_a_time(payments, engines, monkeypatch, save_row, plan):
    monkeypatch.setattr(retention, "BATCH_SIZE", 2)
    url = engines("payments").url.render_as_string(hide_password=False)
    engine = open_engine(url, pool_size=1, options=plan)
    for _ in range(3):
        save_row(state="published", days=8)

    assert not retention.clear_some(engine)
    assert len(states(payments)) == 1
    assert retention.clear_some(engine)
    assert states(payments) == []
    engine.dispose()


def test_an_errand_that_is_done_is_forgotten_with_its_attempts_and_no_other_is(payments, engines):
    with payments() as session:
        session.execute(
            text(
                "INSERT INTO errands (errand_id, kind, arguments, correlation_id, causation_id,"
                " actor, state, attempts, next_attempt_at)"
                " SELECT gen_random_uuid(), 'pay', '{}', gen_random_uuid(), gen_random_uuid(), '',"
                " state, 1, now() - make_interval(days => days)"
                " FROM (VALUES ('done', 36), ('done', 34), ('failed', 99), ('unknown', 99))"
                " AS given (state, days)"
            )
        )
        session.execute(text("INSERT INTO errand_attempts SELECT errand_id, 1, now() FROM errands"))

    retention.clear_some(engines("payments"))

    with payments() as session:
        left = session.scalars(text("SELECT state FROM errands ORDER BY state")).all()
        assert left == ["done", "failed", "unknown"]
        assert session.scalar(text("SELECT count(*) FROM errand_attempts")) == 3


def test_a_repeat_is_recognised_for_thirty_five_days(payments, engines):
    with payments() as session:
        for days, state in ((36, "processed"), (34, "processed"), (90, "dead"), (90, "retry")):
            session.execute(
                text(
                    "INSERT INTO inbox (consumer, message_id, state, attempts, failures,"
                    " processed_at) VALUES (:days || :state, gen_random_uuid(), :state, 1, 0,"
                    " now() - make_interval(days => :days))"
                ),
                {"days": days, "state": state},
            )

    assert retention.clear_some(engines("payments"))

    with payments() as session:
        kept = session.scalars(text("SELECT consumer FROM inbox ORDER BY 1")).all()
    assert kept == ["34processed", "90dead", "90retry"]


def test_two_relays_at_once_send_each_event_once(payments, relay, servers, broker):
    settings = ServiceSettings.from_environment(servers.process_environment("payments"))
    other = Relay(service="payments", settings=settings)
    save(payments, *(a_request() for _ in range(150)))

    with payments() as session:  # the first hundred are in another relay's hands
        session.execute(text("SELECT 1 FROM outbox ORDER BY position LIMIT 100 FOR UPDATE"))
        assert other.send_batch() == 50
    assert relay.send_batch() == 100

    sent = [message.properties["message_id"] for message in arrived(broker)]
    assert len(sent) == len(set(sent)) == 150
