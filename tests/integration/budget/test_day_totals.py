"""Totals of days and months: always what the postings say, whoever adds them and when."""

import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import Entry
from services.budget.totals import queries
from services.budget.totals.rules import Scope
from services.budget.totals.turnover import turnovers
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import NHS, an_active_budget, buy, rows, spend
from tests.integration.budget.reported import add_totals, broken_totals, now, read
from tests.integration.racing import all_at_once

REACH = "SELECT seq FROM totals_reach"
LAST = "SELECT max(seq) FROM journals"


def due(transaction):
    with transaction() as session:
        return queries.behind(TUESDAY_AT_TEN, session=session)


NAIVE = """
SELECT a.name, sum(CASE WHEN day < :starts_on THEN credit - debit ELSE 0 END),
       sum(CASE WHEN day >= :starts_on THEN debit ELSE 0 END),
       sum(CASE WHEN day >= :starts_on THEN credit ELSE 0 END)
FROM (SELECT recorded_at, effective_on AS day, debit_account_id AS account_id,
             amount_pence AS debit, 0 AS credit FROM postings JOIN journals USING (journal_id)
      UNION ALL
      SELECT recorded_at, effective_on, credit_account_id, 0, amount_pence
      FROM postings JOIN journals USING (journal_id)) AS moves JOIN accounts AS a USING (account_id)
WHERE budget_id = :budget_id AND funder_id = :funder_id AND day < :ends_on
  AND recorded_at <= :known_at
GROUP BY a.name
"""


def book_on(transaction, budget, day, *, contribution_id):
    """Book a pound and take it back, so that the books stay what the contributions say."""
    with transaction() as session:
        book_in(session, budget, day, contribution_id=contribution_id)


def book_in(session, budget, day, *, contribution_id):
    there = Entry(funder_id=NHS, debit="paid_in", credit="available", amount_pence=1_00)
    back = Entry(funder_id=NHS, debit="available", credit="paid_in", amount_pence=1_00)
    for entry in (there, back):
        booking = Booking(
            budget_id=budget.budget_id,
            kind=JournalKind.CHARGE,
            source_id=contribution_id,
            effective_on=day,
            occurred_on=day,
            actor="tests/system",
            reason="A pound.",
            entries=[entry],
        )
        bookkeeper.book(session, booking)


def test_totals_are_what_the_postings_say_and_are_added_once(transaction):
    active = an_active_budget(transaction, joint=100_00)
    assert due(transaction)
    add_totals(transaction)
    add_totals(transaction)
    spend(transaction, buy(transaction, active, 10_00)[0], 10_00)
    add_totals(transaction)

    assert rows(transaction, REACH) == rows(transaction, LAST)
    assert broken_totals(transaction) == []
    assert not due(transaction)


def test_a_journal_for_a_day_long_past_changes_the_totals_of_that_day_alone(transaction):
    active = an_active_budget(transaction, joint=100_00)
    add_totals(transaction)
    count = "SELECT count(*) FROM day_totals WHERE effective_on <> '2019-03-31'"
    before = rows(transaction, count)

    book_on(transaction, active, date(2019, 3, 31), contribution_id=uuid4())
    add_totals(transaction)

    assert rows(transaction, count) == before
    added = "SELECT DISTINCT debit_pence, credit_pence FROM month_totals WHERE month_on = :month"
    assert rows(transaction, added, month=date(2019, 3, 1)) == [(1_00, 1_00)]
    assert broken_totals(transaction) == []


def test_a_statement_is_the_same_before_and_after_its_journals_are_in_the_totals(transaction):
    active = an_active_budget(transaction, joint=100_00)
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 14), date(2026, 10, 31)):
        book_on(transaction, active, day, contribution_id=uuid4())
    period = {"starts_on": "2026-10-02", "ends_on": "2026-10-31"}
    scope = {"budget_id": str(active.budget_id), **period}

    before = read(transaction, "auditor_statement", **scope)
    add_totals(transaction)
    after = read(transaction, "auditor_statement", **scope)

    assert after.trial_balance == before.trial_balance
    moved = {one.account: one.debits_pence for one in after.trial_balance}
    assert (moved["paid_in"], moved["available"]) == (1_00, 1_00)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_added_when_an_account_is_what_its_rows_say(transaction, seed):
    by_chance = random.Random(seed)
    days = [date(2026, 9, 29) + timedelta(days=number) for number in range(64)]
    active = an_active_budget(transaction, joint=100_00)
    moments = []
    for _ in range(8):
        book_on(transaction, active, by_chance.choice(days), contribution_id=uuid4())
        moments.append(now(transaction))
        if by_chance.random() < 0.4:
            add_totals(transaction)

    for known_at in moments:
        starts_on, ends_on = sorted(by_chance.sample(days, 2))
        scope = Scope(
            budget_id=active.budget_id,
            funder_id=NHS,
            starts_on=starts_on,
            ends_on=ends_on,
            known_at=known_at,
        )
        with transaction() as session:
            read_quickly = {
                (one.account, one.opening_pence, one.debits_pence, one.credits_pence)
                for one in turnovers(session, scope)
            }
        values = {name: getattr(scope, name) for name in Scope.__slots__}
        summed = {row for row in rows(transaction, NAIVE, **values) if any(row[1:])}
        assert read_quickly == summed


def test_journals_are_added_a_part_at_a_time(transaction):
    an_active_budget(transaction, joint=100_00)

    add_totals(transaction, most=1)

    assert rows(transaction, REACH) == rows(transaction, "SELECT min(seq) FROM journals")
    assert due(transaction)
    assert broken_totals(transaction) == []


def test_processes_that_add_at_the_same_time_add_each_journal_once(transaction):
    active = an_active_budget(transaction, joint=100_00)
    purchases = [buy(transaction, active, 10_00)[0] for _ in range(4)]

    all_at_once(
        [lambda: add_totals(transaction)] * 4
        + [lambda one=one: spend(transaction, one, 10_00) for one in purchases]
    )
    add_totals(transaction)

    assert rows(transaction, REACH) == rows(transaction, LAST)
    assert broken_totals(transaction) == []


def test_what_is_being_written_is_added_when_it_is_committed(transaction):
    active, another = (an_active_budget(transaction, joint=100_00) for _ in range(2))
    before = rows(transaction, LAST)
    with transaction() as session:
        book_in(session, active, date(2026, 11, 24), contribution_id=uuid4())
        book_on(transaction, another, date(2026, 11, 24), contribution_id=uuid4())

        add_totals(transaction)
        assert rows(transaction, REACH) == before

    add_totals(transaction)
    assert rows(transaction, REACH) == rows(transaction, LAST)
    assert broken_totals(transaction) == []


@pytest.mark.parametrize("table", ["day_totals", "month_totals", "totals_reach", "held_amounts"])
def test_the_service_cannot_write_totals_by_itself(transaction, table):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - a word of this file


def test_a_total_that_is_a_penny_off_is_found(transaction, owners):
    an_active_budget(transaction, joint=100_00)
    add_totals(transaction)
    days = rows(transaction, "SELECT count(*) FROM day_totals")[0][0]
    with owners("budget").begin() as connection:
        connection.execute(text("UPDATE day_totals SET debit_pence = debit_pence + 1"))

    broken = broken_totals(transaction)

    with owners("budget").begin() as connection:  # so that statements can be made again
        connection.execute(text("UPDATE day_totals SET debit_pence = debit_pence - 1"))
    assert len(broken) == 2 * days
