"""Holds that were kept for too long, and money that came back beyond what it had cost."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.budget.holds import handlers, queries
from services.budget.holds.commands import ExpireHold
from services.budget.service import BudgetService
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_purchase,
    amounts_of,
    an_active_budget,
    buy,
    do_what_is_due,
    everything,
    left_of,
    paid_by,
    rows,
    spend,
    tell,
    told,
    told_about,
)

OVER = TUESDAY_AT_TEN + timedelta(days=30)


@pytest.fixture
def active(transaction):
    return an_active_budget(transaction, joint=100_00)


def expire(transaction, *, at=OVER):
    return do_what_is_due(transaction, "expire_holds", at=at)


def test_a_hold_whose_time_is_over_is_let_go_and_told_of_once(transaction, active):
    purchase, _ = buy(transaction, active, 30_00)
    spend(transaction, purchase, 10_00, held_pence=20_00)

    assert expire(transaction) == [ExpireHold(purchase_id=purchase.purchase_id)]
    assert expire(transaction) == []

    last = told_about(transaction, purchase)[-1]
    assert (last["type"], last["released_pence"], last["version"]) == ("hold_expired", 20_00, 3)
    assert last["available_pence"] == 90_00
    assert paid_by(transaction, active) == {"nhs": (0, 5_00), "council": (0, 5_00)}
    assert rows(transaction, "SELECT expired_at FROM holds") == [(OVER,)]


def test_nothing_is_let_go_before_its_time(transaction, active):
    purchase, _ = buy(transaction, active, 30_00)
    before = everything(transaction)
    early = OVER - timedelta(microseconds=1)

    assert expire(transaction, at=early) == []
    with transaction() as session:
        command = ExpireHold(purchase_id=purchase.purchase_id)
        handlers.expire_hold(command, session=session, trace=a_trace(at=early))

    assert everything(transaction) == before


def test_what_the_network_takes_after_the_time_is_posted_and_nothing_is_held_again(
    transaction, active
):
    purchase, _ = buy(transaction, active, 30_00)
    expire(transaction)

    spend(transaction, purchase, 12_00, held_pence=18_00)

    assert paid_by(transaction, active) == {"nhs": (0, 6_00), "council": (0, 6_00)}
    assert left_of(transaction, active) == {"nhs": 44_00, "council": 44_00}
    last = told_about(transaction, purchase)[-1]
    assert (last["type"], last["held_pence"], last["posted_pence"]) == ("hold_captured", 0, 12_00)


def test_a_hold_that_is_not_known_does_not_expire(transaction, active):
    before = everything(transaction)
    purchase = a_purchase(active, 1_00)

    with transaction() as session:
        command = ExpireHold(purchase_id=purchase.purchase_id)
        handlers.expire_hold(command, session=session, trace=a_trace(at=OVER))

    assert everything(transaction) == before


def test_the_service_looks_every_minute_by_itself():
    entrypoint = next(iter(BudgetService.expire_holds.nameko_entrypoints))

    assert entrypoint.interval == 60
    assert (entrypoint.due, entrypoint.handler) == (queries.expired, handlers.expire_hold)


def unmatched(transaction):
    return rows(
        transaction,
        "SELECT f.kind, sum(CASE account_id WHEN credit_account_id THEN amount_pence"
        " ELSE -amount_pence END)::bigint FROM postings"
        " JOIN accounts ON account_id IN (debit_account_id, credit_account_id)"
        " JOIN funders AS f ON f.funder_id = accounts.funder_id"
        " WHERE accounts.kind = 'unmatched' GROUP BY f.kind",
    )


def test_what_comes_back_beyond_what_was_captured_is_unmatched_in_the_hosts_book(
    transaction, active
):
    purchase, _ = buy(transaction, active, 10_00)
    spend(transaction, purchase, 10_00)

    tell(transaction, replace(amounts_of(purchase, version=2), unmatched_pence=3_00))

    assert left_of(transaction, active) == {"nhs": 50_00, "council": 50_00}
    assert unmatched(transaction) == [("council", 3_00)]


def test_a_refund_that_came_before_its_capture_finds_it(transaction, active):
    purchase, _ = buy(transaction, active, 10_00)
    early = replace(amounts_of(purchase, version=1, held_pence=10_00), unmatched_pence=4_00)
    tell(transaction, early)
    assert unmatched(transaction) == [("council", 4_00)]

    spend(transaction, purchase, 6_00, version=2)

    assert unmatched(transaction) == [("council", 0)]
    assert paid_by(transaction, active) == {"nhs": (0, 3_00), "council": (0, 3_00)}


def test_an_overspend_is_told_and_so_is_its_end(transaction):
    person_id = uuid4()
    active = an_active_budget(transaction, joint=10_00, person_id=person_id)
    purchase, _ = buy(transaction, active, 10_00)

    spend(transaction, purchase, 12_00, version=1)
    spend(transaction, purchase, 12_00, version=2)
    spend(transaction, purchase, 9_00, version=3)

    events = told(transaction, event_type="budget.overspend_recorded.v1")
    assert [event["overspent_pence"] for event in events] == [2_00, 0]
    assert [event["overspent_before_pence"] for event in events] == [0, 2_00]
    assert {event["person_id"] for event in events} == {str(person_id)}
    assert {tuple(sorted(event["funder_ids"])) for event in events} == {
        tuple(sorted(map(str, (NHS, COUNCIL))))
    }
