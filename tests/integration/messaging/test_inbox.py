"""The inbox: what fails is tried again, what is early waits, what nobody can read is put aside."""

import json
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError

from shared.contracts import catalogue
from shared.contracts.payments.purchases import PurchaseRequested
from shared.errors import NotKnownYetError
from shared.messaging import inbox
from shared.messaging.holding import IMMEDIATE_TRIES, holding
from shared.messaging.inbox import Delivery
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.probe import amounts
from tests.waiting import eventually


def a_request(amount_pence):
    return PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=amount_pence,
    )


@pytest.fixture
def change(owners, budget):
    """Change ours' tables by hand, as time or an operator would."""

    def execute(sql, **values):
        with owners("budget").begin() as connection:
            connection.execute(text(sql), values)

    return execute


STORE = """
    INSERT INTO inbox (consumer, message_id, state, attempts, failures, body, next_attempt_at)
    VALUES (:consumer, :message_id, 'retry', 1, 1, CAST(:body AS jsonb), now())
"""


def stored(event, *, consumer="on_purchase_requested", **changed):
    envelope = catalogue.dump(event, trace=a_trace()) | changed
    return {"consumer": consumer, "message_id": event.event_id, "body": json.dumps(envelope)}


def test_a_message_that_failed_is_processed_when_its_time_comes(ours, change, budget):
    event = a_request(amounts.FINE)
    change(STORE, **stored(event))

    ours().await_line("service_started")

    eventually(lambda: budget("SELECT state FROM inbox") == ["processed"])
    assert budget("SELECT message_id FROM effects") == [event.event_id]
    assert budget("SELECT body FROM inbox") == [None]


def test_a_message_that_fails_for_the_last_time_is_dead_and_stays(ours, change, budget):
    change(STORE, **stored(a_request(amounts.RAISES)))
    change("UPDATE inbox SET failures = :most", most=len(inbox.FAILURE_DELAYS))

    ours().await_line("service_started")

    eventually(lambda: budget("SELECT state FROM inbox") == ["dead"])
    assert budget("SELECT body IS NOT NULL FROM inbox") == [True]
    assert budget("SELECT count(*) FROM effects") == [0]


def test_what_was_early_many_times_does_not_die_of_its_first_failure(ours, change, budget):
    change(STORE, **stored(a_request(amounts.RAISES)))
    change("UPDATE inbox SET attempts = 100, failures = 0")

    ours().await_line("service_started")

    eventually(lambda: budget("SELECT failures FROM inbox") == [1])
    assert budget("SELECT state FROM inbox") == ["retry"]


@pytest.mark.parametrize(
    ("unreadable", "reason"),
    [
        ({"type": "uk.commonpurse.payments.purchase_requested.v0"}, "unsupported_version"),
        ({"data": {}}, "invalid_data"),
        ({"consumer": "on_something_else"}, "nobody_listens"),
    ],
)
def test_a_stored_message_that_nobody_can_read_holds_nobody_up(
    ours, change, budget, unreadable, reason
):
    change(STORE, **stored(a_request(amounts.FINE), **unreadable))
    good = a_request(amounts.FINE)
    change(STORE, **stored(good))

    ours().await_line("service_started")

    eventually(lambda: budget("SELECT message_id FROM effects") == [good.event_id])
    (why,) = budget("SELECT last_error FROM inbox WHERE state = 'dead'")
    assert why.startswith(reason)


def test_a_message_that_cannot_even_be_kept_goes_back_and_holds_nobody_up(
    ours, change, budget, send
):
    change("ALTER TABLE inbox ADD CONSTRAINT none_is_kept CHECK (state <> 'retry')")
    ours().await_line("service_started")
    try:
        bad = a_request(amounts.RAISES)
        send(bad)
        send(good := a_request(amounts.FINE))
        eventually(lambda: budget("SELECT message_id FROM effects") == [good.event_id])
    finally:
        change("ALTER TABLE inbox DROP CONSTRAINT none_is_kept")

    eventually(lambda: budget("SELECT message_id FROM inbox WHERE failures > 0") == [bad.event_id])


def a_delivery(subscriber):
    event = a_request(amounts.FINE)
    return Delivery(
        consumer="on_purchase_requested",
        message_id=event.event_id,
        event=event,
        envelope=catalogue.dump(event, trace=a_trace()),
        subscriber=subscriber,
        trace=a_trace(),
    )


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
def test_what_only_came_at_the_wrong_moment_is_tried_again_at_once(emptied, state):
    tries = []

    def subscriber(_event, *, session, trace):
        tries.append(trace)
        if len(tries) <= IMMEDIATE_TRIES:
            session.execute(text(f"DO $$ BEGIN RAISE 'x' USING ERRCODE = '{state}'; END $$"))

    work = partial(inbox.process, a_delivery(subscriber), transaction=emptied("budget"))

    assert holding(work, is_stopping=lambda: False) == "processed"
    assert len(tries) == IMMEDIATE_TRIES + 1


def test_what_comes_at_the_wrong_moment_again_and_again_is_a_failure(emptied):
    def subscriber(_event, *, session, trace):
        session.execute(text("DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$"))

    work = partial(inbox.process, a_delivery(subscriber), transaction=emptied("budget"))

    with pytest.raises(DBAPIError):
        holding(work, is_stopping=lambda: False)


@pytest.mark.parametrize(
    ("failure", "most"),
    [
        (RuntimeError(), len(inbox.FAILURE_DELAYS)),
        (NotKnownYetError("Not here."), len(inbox.NOT_KNOWN_YET_DELAYS)),
        (DataError("", {}, Exception()), 0),  # the same data would fail again
    ],
    ids=["failure", "not known yet", "data that never fits"],
)
def test_a_message_is_dead_after_its_last_try_and_not_before(emptied, failure, most):
    delivery, transaction = a_delivery(None), emptied("budget")

    kept = [inbox.keep_for_retry(delivery, failure, transaction=transaction) for _ in range(most)]
    last = inbox.keep_for_retry(delivery, failure, transaction=transaction)

    assert kept == ["retry"] * most
    assert last == "dead"


def test_the_next_try_is_later_each_time_and_never_all_at_one_moment(emptied):
    transaction = emptied("budget")
    for _ in range(10):
        inbox.keep_for_retry(a_delivery(None), RuntimeError(), transaction=transaction)

    with transaction() as session:
        waits = session.scalars(
            text("SELECT extract(epoch FROM next_attempt_at - received_at) FROM inbox")
        ).all()
    assert len({round(wait, 3) for wait in waits}) > 5
    assert all(0.8 <= wait <= 1.2 for wait in waits)
    assert sorted(inbox.FAILURE_DELAYS) == list(inbox.FAILURE_DELAYS)
    assert sorted(inbox.NOT_KNOWN_YET_DELAYS) == list(inbox.NOT_KNOWN_YET_DELAYS)


def test_both_tables_of_delays_last_long_enough_for_somebody_to_notice():
    assert sum(inbox.FAILURE_DELAYS) > 8 * 3600
    assert sum(inbox.NOT_KNOWN_YET_DELAYS) > 20 * 3600
