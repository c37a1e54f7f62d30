"""Tokens are spent one by one, and come back with time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from services.gateway.limits import handlers
from services.gateway.limits.models import Bucket, LookedAt
from services.gateway.limits.rules import Allowance

FIVE = Allowance(at_once=5, per_second=2)


@pytest.fixture
def spend(transactions, clock):
    def spend(whose="client/one", allowance=FIVE):
        with transactions.begin() as session:
            return handlers.spend(whose, allowance, session=session, at=clock.now())

    return spend


def test_so_many_at_once_and_then_as_they_come_back(spend, clock):
    assert [spend() for _ in range(5)] == [None] * 5

    assert spend() == timedelta(milliseconds=500)

    clock.wait(milliseconds=499)
    assert spend() == timedelta(milliseconds=1)
    clock.wait(milliseconds=1)
    assert spend() is None
    assert spend() == timedelta(milliseconds=500)


def test_what_is_refused_costs_nothing(spend, clock):
    for _ in range(5):
        spend()

    assert {spend() for _ in range(50)} == {timedelta(milliseconds=500)}


def test_a_bucket_is_never_more_than_full(spend, clock):
    spend()
    clock.wait(days=1)

    assert [spend() is None for _ in range(6)] == [True] * 5 + [False]


def test_everybody_has_their_own(spend):
    for _ in range(6):
        spend()

    assert spend("client/other") is None
    assert spend("address/one") is None


def test_no_more_are_given_than_there_are_however_many_ask_at_once(spend):
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda _: spend(), range(40)))

    assert given.count(None) == 5


def test_whose_it_is_can_be_read_nowhere_in_the_database(spend, transactions):
    spend("address/192.0.2.7")

    with transactions.begin() as session:
        (row,) = session.execute(text("SELECT b::text FROM buckets b")).scalars()
    assert "192" not in row.split(",")[0]
    assert "address" not in row


def test_what_is_over_is_forgotten(spend, transactions, clock):
    spend()
    with transactions.begin() as session:
        handlers.look_at("one", "plan_id", "a", at_most=5, session=session, at=clock.now())
    clock.wait(minutes=30)
    spend("client/other")
    with transactions.begin() as session:
        handlers.look_at("one", "plan_id", "b", at_most=5, session=session, at=clock.now())
    clock.wait(minutes=30)
    spend("client/other")

    with transactions.begin() as session:
        handlers.forget_what_is_over(session=session, at=clock.now())

    with transactions.begin() as session:
        counts = [
            session.scalar(select(func.count()).select_from(one)) for one in (Bucket, LookedAt)
        ]
    assert counts == [1, 1]


def test_neither_table_is_written_to_the_log_of_the_database(transactions):
    asked = "SELECT relname, relpersistence FROM pg_class WHERE relname IN ('buckets', 'looked_at')"

    with transactions.begin() as session:
        kinds = dict(session.execute(text(asked)).all())

    assert kinds == {"buckets": "u", "looked_at": "u"}
