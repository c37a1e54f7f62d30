"""What one purchase by card costs the suite, in counts that are steady on any machine.

The whole suite plays a case with few purchases and the same case with many: the difference,
divided by the purchases between them, is what one more purchase costs, from the broker's
request to the message that tells the person.
"""

import json
import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from sqlalchemy import Connection, text

from demo import progress, quiet
from demo.calling import Caller
from demo.case import Case
from demo.crew import Crew
from demo.reading import read_cases
from deploy.local.postgres import COUNT_STATEMENTS
from deploy.local.stack import Stack
from shared import clock
from shared.database import open_engine

BASELINE = Path(__file__).parent / "baseline.json"
TEMPLATE = Path(__file__).parents[1] / "demo" / "cases" / "small.jsonl"
WARM_UP, FEW, MANY = 5, 10, 30

# What runs on a timer, whether or not anybody buys, and what the demo asks while it waits.
_ON_A_TIMER = ("FROM outbox", "FROM errands", "inbox.next_attempt_at <=", "pg_stat", "pg_sleep")
# What a worker adds up, now and then, of rows that are counted anyway.
_SUMMED_UP = {"day_totals", "month_totals", "totals_reach", "audit_seals"}
_STATEMENTS = text("SELECT query, calls, wal_bytes::float8 AS wal FROM pg_stat_statements")
_WAL = text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH settled", "SELECT book")
# COMMITs are counted by the transactions that wrote: who looks on a timer commits as well, and
# how often depends on how long the machine took.
_TRANSACTIONS = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
# Whoever waits looks again and again, and each look is written down: how often depends on how long
# the machine took. A look is a row, written by one statement in one transaction.
_LOOKS = text("SELECT count(*) FROM audit_entries WHERE act = 'read'")
_OF_A_LOOK = 2
_WRITE_DOWN = "INSERT INTO audit_entries"

Counts = Mapping[str, float]


def measure() -> dict[str, float]:
    """Return the counts of one purchase, on a stack of its own that ends with it."""
    stack = Stack.named("bench", say=print)
    os.environ[COUNT_STATEMENTS] = "yes"
    stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return per_purchase(stack)
    finally:
        stack.stop(politely=False)
        del os.environ[COUNT_STATEMENTS]


def per_purchase(stack: Stack) -> dict[str, float]:
    """Return what one purchase costs on a stack that runs and is quiet."""
    url = stack.administrator_environment()["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)
    with engine.connect() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_stat_statements"))
        connection.commit()
        _play(stack, WARM_UP)
        few = _cost(stack, connection, FEW)
        many = _cost(stack, connection, MANY)
    engine.dispose()
    return {name: (many[name] - few[name]) / (MANY - FEW) for name in many}


def _cost(stack: Stack, connection: Connection, purchases: int) -> dict[str, float]:
    before = _counts(stack, connection)
    _play(stack, purchases)
    after = _counts(stack, connection)
    return {name: after[name] - before[name] for name in after}


def _counts(stack: Stack, connection: Connection) -> dict[str, float]:
    statements = [
        (row.query, row.calls, row.wal)
        for row in connection.execute(_STATEMENTS)
        if not any(words in row.query for words in _ON_A_TIMER)
    ]
    wal_bytes = float(connection.execute(_WAL).scalar_one())
    transactions = connection.execute(_TRANSACTIONS).scalar_one()
    connection.rollback()
    looks, of_services = _of_services(stack)
    written = sum(calls for query, calls, _ in statements if query.startswith(_WRITES))
    of_audit = sum(wal for query, _, wal in statements if query.startswith(_WRITE_DOWN))
    return {
        "round_trips": transactions + written - _OF_A_LOOK * looks,
        "wal_bytes": wal_bytes - of_audit,
        **of_services,
    }


def _of_services(stack: Stack) -> tuple[int, dict[str, float]]:
    """Count looks, and messages and rows in every service's database."""
    looks = messages = rows = 0
    for service in quiet.SERVICES:
        url = stack.migration_environment(service)["COMMONPURSE_DATABASE_URL"]
        engine = open_engine(url, pool_size=1)
        with engine.connect() as connection:
            messages += connection.scalar(text("SELECT count(*) FROM outbox")) or 0
            tables = connection.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            )
            for table in set(tables.all()) - _SUMMED_UP:
                rows += connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0  # noqa: S608
            looks += connection.scalar(_LOOKS) or 0
        engine.dispose()
    return looks, {"messages": messages, "rows": rows - looks}


def _play(stack: Stack, purchases: int) -> None:
    """Play a case with so many purchases of one thing, and wait until all is quiet."""
    environment = stack.environment()
    cases = [a_case(purchases)]
    shown = progress.shown_on(Console(quiet=True), progress.expected(cases))
    crew = Crew(cases, run_id=uuid4(), shown=shown)
    with shown, crew:
        (outcome,) = crew.play(environment, at_once=1)
    if outcome.reason is not None:
        raise RuntimeError(outcome.reason)
    caller = Caller(environment, stop=threading.Event())
    quiet.wait_for_quiet(caller, management_url=environment["COMMONPURSE_BROKER_MANAGEMENT_URL"])
    caller.close()


def a_case(purchases: int, *, unit_cost_pence: int = 1_000) -> Case:
    """Return a case of the pilot whose plan buys one thing by card, so many times."""
    lines = TEMPLATE.read_text("utf-8").splitlines()
    case: dict[str, Any] = next(
        one for one in map(json.loads, lines) if one["wants_budget"] and one["kind"] == "small"
    )
    item = next(one for one in case["support_plan"]["items"] if one["rail"] == "card")
    case["afterwards"] = []
    case["support_plan"]["items"] = [
        item | {"unit_cost_pence": unit_cost_pence, "occurrences": purchases, "frequency": "weekly"}
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case.jsonl")
        path.write_text(json.dumps(case) + "\n", "utf-8")
        (read,) = read_cases(path)
    return read


def figures() -> dict[str, float]:
    """Return the counts under the names by which the benchmarks keep them."""
    return {f"purchases.{name}": value for name, value in measure().items()}
