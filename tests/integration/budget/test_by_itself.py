"""What the service does unasked: reminds of late money, says when little is left, and seals."""

from datetime import timedelta

import pytest

from services.budget.funding import handlers as funding
from services.budget.funding import queries as funding_queries
from services.budget.seal import handlers as seal
from services.budget.seal import queries as seal_queries
from services.budget.service import BudgetService
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import (
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    do_what_is_due,
    everything,
    pay_in,
    rows,
    spend,
    told,
)

DUE = TUESDAY_AT_TEN + timedelta(days=14)  # the last day on which it is in time


def remind(transaction, at):
    return len(do_what_is_due(transaction, "chase_contributions", at=at))


def reminders(transaction):
    return told(transaction, event_type="budget.contribution_late.v1")


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=100_00)


def test_an_organisation_is_reminded_of_late_money_once_a_week(transaction, planned):
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["council"])

    late_by_days = [day for day in range(16) if remind(transaction, DUE + timedelta(days=day))]

    assert late_by_days == [1, 8, 15]
    first = reminders(transaction)[0]
    assert (first["contribution_id"], first["missing_pence"], first["is_committed"]) == (
        calls["nhs"]["contribution_id"],
        50_00,
        False,
    )


def test_a_promise_that_is_not_kept_is_late_too(transaction, planned):
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["council"])
    commit(transaction, planned, calls["nhs"])

    assert remind(transaction, DUE + timedelta(days=1)) == 1
    assert [event["is_committed"] for event in reminders(transaction)] == [True]


def test_a_person_is_not_chased(transaction, planned):
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=5_00,
        weeks=2,
    )
    calls = called_by(agree(transaction, planned))
    for kind in ("nhs", "council"):
        pay_in(transaction, planned, calls[kind])

    assert remind(transaction, DUE + timedelta(days=100)) == 0


def test_what_came_in_meanwhile_is_not_asked_for(transaction, planned):
    calls = called_by(agree(transaction, planned))
    at = DUE + timedelta(days=1)
    with transaction() as session:
        due = funding_queries.late(at, session=session)
    for call in calls.values():
        pay_in(transaction, planned, call)
    before = everything(transaction)

    for command in due:
        with transaction() as session:
            funding.chase_contribution(command, session=session, trace=a_trace(at=at))

    assert everything(transaction) == before


def lows(transaction):
    events = told(transaction, event_type="budget.balance_low.v1")
    return [(event["available_pence"], event["low_below_pence"]) for event in events]


def test_that_little_is_left_is_told_when_it_falls_below_and_once(transaction):
    active = an_active_budget(transaction, joint=100_00)
    buy(transaction, active, 90_00)
    assert lows(transaction) == []

    purchase, _ = buy(transaction, active, 1)
    buy(transaction, active, 1)
    assert lows(transaction) == [(9_99, 10_00)]

    spend(transaction, purchase, 0, version=1)
    assert lows(transaction) == [(9_99, 10_00)]


def test_a_budget_that_was_low_and_is_low_again_is_told_again(transaction):
    active = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, active, 95_00)
    spend(transaction, purchase, 95_00)
    spend(transaction, purchase, 50_00, version=2)
    assert rows(transaction, "SELECT is_low FROM budgets") == [(False,)]

    spend(transaction, purchase, 96_00, version=3)

    assert lows(transaction) == [(5_00, 10_00), (4_00, 10_00)]


def test_there_is_something_to_seal_when_something_was_written(transaction):
    with transaction() as session:
        assert seal_queries.unsealed(TUESDAY_AT_TEN, session=session) == []
    an_active_budget(transaction, joint=100_00)

    with transaction() as session:
        (command,) = seal_queries.unsealed(TUESDAY_AT_TEN, session=session)
    with transaction() as session:
        seal.seal_journals(command, session=session, trace=a_trace())

    with transaction() as session:
        assert seal_queries.unsealed(TUESDAY_AT_TEN, session=session) == []


@pytest.mark.parametrize(
    ("name", "due", "handler"),
    [
        ("chase_contributions", funding_queries.late, funding.chase_contribution),
        ("seal_what_was_written", seal_queries.unsealed, seal.seal_journals),
    ],
)
def test_the_service_looks_every_hour(name, due, handler):
    entrypoint = next(iter(getattr(BudgetService, name).nameko_entrypoints))

    assert (entrypoint.interval, entrypoint.due, entrypoint.handler) == (3600, due, handler)
