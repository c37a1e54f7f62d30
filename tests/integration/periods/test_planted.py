"""Whoever gets hold of the server and rewrites what was closed is found out, and where."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.verify import findings
from tests.integration.budget.budgets import rows
from tests.integration.periods.calendar_of_a_pool import (
    a_budget,
    a_calendar,
    a_purchase_of,
    close,
    reopen,
    sign_and_close,
    spend,
)

TABLES = (
    *("periods", "period_closures", "period_balances", "reopening_approvals"),
    *("journals", "postings", "year_ends", "year_end_lines"),
)
OPENING = "I12 a snapshot opens with what the one before it closed with"
MOVED = "I12 a snapshot is what the journals of its days come to"
STATE = "I12 a closed period has a snapshot, and a period with one is closed or reopened"
LATE = "I12 nothing was written for a closed period, or a day before it, after its closing"


@pytest.fixture
def closed(transaction):
    """Summer and November are closed; November was reopened for something late."""
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close(transaction, november)
    reopen(transaction, november)
    spend(transaction, purchase, 4_00, held=16_00, late_because="It was forgotten.")
    sign_and_close(transaction, november)
    return {"summer": str(summer), "november": str(november)}


@pytest.fixture
def found_after(owners):
    """Change the books as somebody could who has got hold of the server, and verify them."""

    def look(sql, **values):
        with owners("budget").connect() as connection:
            _rewrite(connection, sql, **values)
            with Session(connection) as session:
                said = list(findings(session))
            connection.rollback()
        return said

    return look


def _rewrite(connection, sql, **values):
    for table in TABLES:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    used = {name: value for name, value in values.items() if f":{name}" in sql}
    assert connection.execute(text(sql), used).rowcount, sql
    for table in TABLES:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


PLANTED = [
    (
        (
            "UPDATE period_balances SET debits_pence = debits_pence + 1,"
            " closing_pence = closing_pence - 1"
            " WHERE period_id = :november AND version = 1 AND debits_pence > 0"
        ),
        {MOVED, "another hash"},
    ),
    (
        (
            "UPDATE period_balances SET opening_pence = 1, closing_pence = closing_pence + 1"
            " WHERE period_id = :november AND version = 2"
        ),
        {OPENING, "another hash"},
    ),
    (
        (
            "UPDATE period_balances SET opening_pence = 1, closing_pence = 1"
            " WHERE period_id = :summer"
        ),
        {OPENING, "another hash"},
    ),
    (
        "UPDATE period_balances SET held_pence = held_pence + 1 WHERE period_id = :summer",
        {"another hash"},
    ),
    (
        (
            "DELETE FROM period_balances WHERE period_id = :november AND version = 2"
            " AND credits_pence > 0"
        ),
        {MOVED, "another hash"},
    ),
    (
        (
            "UPDATE period_closures SET last_seq = last_seq - 1"
            " WHERE period_id = :november AND version = 2"
        ),
        {MOVED, LATE, "another hash"},
    ),
    (
        "UPDATE period_closures SET hash = sha256('x') WHERE period_id = :summer",
        {"another hash"},
    ),
    (
        "UPDATE journals SET effective_on = '2026-12-01' WHERE kind = 'capture'",
        {MOVED},
    ),
    ("UPDATE journals SET effective_on = '2026-10-01' WHERE kind = 'capture'", {MOVED}),
    ("UPDATE periods SET state = 'open' WHERE period_id = :november", {STATE}),
    ("UPDATE periods SET state = 'closing' WHERE period_id = :november", {STATE}),
    ("UPDATE periods SET state = 'closed' WHERE starts_on = '2026-12-01'", {STATE}),
    ("UPDATE reopening_approvals SET version = 2", {STATE}),
]


def test_a_planted_change_of_what_was_closed_is_found(closed, found_after):
    for planted, rules in PLANTED:
        said = found_after(planted, **closed)
        for rule in rules:
            assert any(rule in line for line in said), (planted, rule, said)


def test_a_journal_that_slipped_in_after_the_closing_is_found(
    transaction, owners, closed, found, emptied
):
    with owners("budget").begin() as connection:
        _rewrite(connection, "UPDATE periods SET state = 'open'")
    ((purchase_id,),) = rows(transaction, "SELECT purchase_id FROM holds")
    spend(transaction, SimpleNamespace(purchase_id=purchase_id), 5_00, held=15_00, version=2)
    with owners("budget").begin() as connection:
        _rewrite(connection, "UPDATE periods SET state = 'closed' WHERE starts_on < '2026-12-01'")

    ((last_seq,),) = rows(transaction, "SELECT max(seq) FROM journals")
    assert [line for line in found() if LATE in line] == [f"{LATE}: journal {last_seq}"]
    emptied("budget")  # what was planted goes with the test
