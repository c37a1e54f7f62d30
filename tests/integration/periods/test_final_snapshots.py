# ruff: noqa: S608 - what is put together here are words of this file
"""What the database itself refuses about periods, whoever asks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from tests.integration.budget.budgets import COUNCIL, NHS, POOL, a_pool
from tests.integration.periods.calendar_of_a_pool import (
    APRIL,
    COUNCIL_FINANCE,
    NHS_FINANCE,
    a_budget,
    a_calendar,
    a_rule,
    close,
    done,
    reopen,
    sign,
)

HISTORY = (
    "period_signatures",
    "period_closures",
    "period_balances",
    "reopening_approvals",
    "year_ends",
    "year_end_lines",
)
BY_FUNCTION_ALONE = ("period_closures", "period_balances")
COLUMNS = dict.fromkeys(HISTORY, "version") | {"year_end_lines": "left_pence"}
CHANGES = [
    lambda table: f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]} + 1",
    lambda table: f"DELETE FROM {table}",
    lambda table: f"TRUNCATE {table} CASCADE",
]


@pytest.fixture
def history(transaction):
    """A pool whose year was ended, with a period that was reopened and closed again."""
    a_budget(transaction)
    periods = a_calendar(transaction)
    close(transaction, periods[0])
    reopen(transaction, periods[0])
    sign(transaction, periods[0])
    done(transaction, "close_period", period_id=periods[0])
    for period_id in periods[1:]:
        close(transaction, period_id, at=APRIL)
    rules = [a_rule(NHS, "lapse"), a_rule(COUNCIL, "carry")]
    asked = {"pool_id": POOL, "financial_year": 2026, "rules": rules}
    done(transaction, "year_end", at=APRIL, **asked)
    return periods


def test_the_services_role_changes_nothing_that_was_written_of_a_period(transaction, history):
    forbidden = [change(table) for table in HISTORY for change in CHANGES] + [
        *(f"INSERT INTO {table} SELECT * FROM {table}" for table in BY_FUNCTION_ALONE),
        "UPDATE periods SET state = 'open'",
        "DELETE FROM periods",
        "TRUNCATE periods CASCADE",
    ]
    for statement in forbidden:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
            session.execute(text(statement))


def test_not_even_the_owner_does_by_the_way(transaction, owners, history):
    for statement in (change(table) for table in HISTORY for change in CHANGES):
        owner = owners("budget").begin()
        with pytest.raises(DBAPIError, match="history is never changed"), owner as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    "call",
    [
        "soft_close_period(:summer)",  # closed
        "soft_close_period(:december)",  # the one before is open
        "close_period(:november, 'somebody', now())",  # open
        "close_period(:summer, 'somebody', now())",  # closed before
        "reopen_period(:november)",  # open
        "reopen_period(:summer)",  # nobody approved
    ],
)
def test_the_functions_keep_the_order_themselves(transaction, call):
    a_pool(transaction)
    summer, november, december, _ = a_calendar(transaction)
    close(transaction, summer)

    with pytest.raises(DBAPIError) as refusal, transaction() as session:
        session.execute(
            text(f"SELECT {call}"),
            {"summer": summer, "november": november, "december": december},
        )
    assert refusal.value.orig.pgcode == "23514"


def test_the_functions_count_signatures_and_approvals_themselves(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)
    done(transaction, "soft_close_period", period_id=summer)
    sign(transaction, summer, NHS)

    with pytest.raises(DBAPIError, match="every partner has signed"), transaction() as session:
        session.execute(text("SELECT close_period(:summer, 'x', now())"), {"summer": summer})

    sign(transaction, summer, COUNCIL)
    done(transaction, "close_period", period_id=summer)
    for actor in (COUNCIL_FINANCE, f"{COUNCIL_FINANCE} ", COUNCIL_FINANCE.upper()):
        done(transaction, "approve_reopening", period_id=summer, reason="An invoice.", actor=actor)
    with pytest.raises(DBAPIError, match="by two who approve"), transaction() as session:
        session.execute(text("SELECT reopen_period(:summer)"), {"summer": summer})
    done(
        transaction, "approve_reopening", period_id=summer, reason="An invoice.", actor=NHS_FINANCE
    )
