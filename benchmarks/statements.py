"""What a statement costs by how much was ever posted to its account.

For each size a budget has one account with so many postings: thirty in the month that is asked
for, the rest on the days of the ten years before. So what the month holds is the same, and only
the history grows. What is timed is the reading: the balances of the
funder's book, and the journals of the month, in one transaction, and neither the wait until nobody
writes nor the rendering. The figure is the median of many, asked in turns, so that a machine that
is busy for a while is busy for all of them.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from deploy.local.stack import Stack
from services.budget.accounts.rules import names_of_book
from services.budget.extracts import journals
from services.budget.funders.rules import FunderKind
from services.budget.reports import rules
from services.budget.totals import turnover
from services.budget.totals.rules import Scope, Turnover
from shared import clock
from shared.database import open_engine

SIZES = (10_000, 1_000_000, 5_000_000)
IN_THE_MONTH = 30
DAYS_BEFORE = 3_650
TIMES = 300
MONTH = (date(2026, 11, 1), date(2026, 12, 1))
AT_THE_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)
AT_ONCE = 500_000  # journals of one transaction
NHS = UUID("d0000000-0000-4000-8000-000000000001")
_KEYS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = 'postings'::regclass AND contype = 'f'
"""
_INDICES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid IN ('journals'::regclass, 'postings'::regclass) AND NOT indisunique
"""
_ADD = text("SELECT add_totals(:most, (SELECT settled_seq FROM settled()))")
_JOURNALS = text("""
    INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on, occurred_on, actor,
                          reason, metadata)
    SELECT (lpad(to_hex(:size), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
           :budget_id, 'contribution', :budget_id, on_day, on_day, 'benchmark/system', 'Paid in.',
           '{}'
    FROM (SELECT i, CASE WHEN i <= :in_the_month THEN CAST(:month AS date) + (i - 1) % 30
                         ELSE CAST(:month AS date) - 1 - i % :days END AS on_day
          FROM generate_series(CAST(:first AS integer), :last) AS i) AS days
""")
_POSTINGS = text("""
    INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                          amount_pence)
    SELECT (lpad(to_hex(:size), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
           1, :funder_id, d.account_id, c.account_id, 100
    FROM generate_series(CAST(:first AS integer), :last) AS i, accounts AS d, accounts AS c
    WHERE (d.budget_id, d.name) = (:budget_id, 'paid_in')
      AND (c.budget_id, c.name) = (:budget_id, 'available')
""")


def figures() -> dict[str, float]:
    """Measure on servers of its own, which end with it."""
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return measure(stack)
    finally:
        stack.stop(politely=False)


def measure(stack: Stack) -> dict[str, float]:
    """Fill the books of each size, add up the totals, and read a month of each in turns."""
    with _owner(stack) as owner:
        with _without_keys_and_indices(owner):
            for size in SIZES:
                _fill(owner, size)
        _add_totals(owner)
    engine = open_engine(
        stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"], pool_size=1
    )
    took_ms: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(TIMES):
        for size in SIZES:
            took_ms[size].append(_read_ms(engine, size))
    engine.dispose()
    medians = {size: statistics.median(took_ms[size]) for size in SIZES}
    return {
        **{f"ledger.statement_ms.{size}": medians[size] for size in SIZES},
        **{
            f"ledger.statement_p95_ms.{size}": statistics.quantiles(took_ms[size], n=20)[18]
            for size in SIZES
        },
        "ledger.statement_ratio": medians[SIZES[-1]] / medians[SIZES[0]],
    }


@contextmanager
def _owner(stack: Stack) -> Iterator[Engine]:
    url = stack.migration_environment("budget")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1, options="-c statement_timeout=0")
    yield engine
    engine.dispose()


@contextmanager
def _without_keys_and_indices(owner: Engine) -> Iterator[None]:
    """Write rows first and put afterwards what would be looked after row by row: it is quicker."""
    with owner.begin() as connection:
        keys = connection.execute(text(_KEYS)).all()
        indices = connection.execute(text(_INDICES)).all()
        for name, _ in keys:
            connection.execute(text(f"ALTER TABLE postings DROP CONSTRAINT {name}"))
        for name, _ in indices:
            connection.execute(text(f"DROP INDEX {name}"))
    yield
    with owner.begin() as connection:
        for _, definition in indices:
            connection.execute(text(definition))
        for name, definition in keys:
            # Only rows of ours are there, and none of them is astray.
            added = f"ALTER TABLE postings ADD CONSTRAINT {name} {definition} NOT VALID"
            connection.execute(text(added))


def _budget_id(size: int) -> UUID:
    return UUID(int=size)


def _fill(owner: Engine, size: int) -> None:
    """Open a budget's books and write so many journals to them, as the owner."""
    book = list(names_of_book(FunderKind.NHS))
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO funders (funder_id, kind, code, name)"
                " VALUES (:id, 'nhs', 'QAA', 'NHS') ON CONFLICT DO NOTHING"
            ),
            {"id": NHS},
        )
        connection.execute(
            text("SELECT open_books(:budget_id, CAST(:funders AS uuid[]), :kinds, :names)"),
            {
                "budget_id": _budget_id(size),
                "funders": [NHS] * len(book),
                "kinds": [kind.value for kind, _ in book],
                "names": [name for _, name in book],
            },
        )
    for first in range(1, size + 1, AT_ONCE):
        _write(owner, size, first=first, last=min(first + AT_ONCE - 1, size))


def _write(owner: Engine, size: int, *, first: int, last: int) -> None:
    values = {
        "size": size,
        "budget_id": _budget_id(size),
        "funder_id": NHS,
        "month": MONTH[0],
        "in_the_month": IN_THE_MONTH,
        "days": DAYS_BEFORE,
        "first": first,
        "last": last,
    }
    with owner.begin() as connection:
        for statement in (_JOURNALS, _POSTINGS):
            connection.execute(statement, values)


def _add_totals(owner: Engine) -> None:
    """Let the totals reach the last journal, and settle what PostgreSQL knows of the tables."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        reach = None
        while (now := connection.scalar(_ADD, {"most": AT_ONCE})) != reach:
            reach = now
        connection.execute(text("VACUUM ANALYZE journals, postings, day_totals, month_totals"))


def _read_ms(engine: Engine, size: int) -> float:
    scope = Scope(
        budget_id=_budget_id(size),
        funder_id=NHS,
        starts_on=MONTH[0],
        ends_on=MONTH[1],
        known_at=AT_THE_END_OF_TIME,
    )
    with Session(engine) as session:
        began = time.perf_counter()
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        balances = turnover.turnovers(session, scope)
        lines = journals.lines(session, scope, kinds=rules.REALLY_THERE)
        took_ms = (time.perf_counter() - began) * 1000
    _see_that_it_is_right(size, balances, len(lines))
    return took_ms


def _see_that_it_is_right(size: int, balances: Sequence[Turnover], lines: int) -> None:
    """Make sure that what was read quickly is also true.

    Raises:
        AssertionError: it is not; the figures are worth nothing then.
    """
    closing = {one.account: one.closing_pence for one in balances}
    if (closing["available"], lines) != (size * 100, IN_THE_MONTH):
        raise AssertionError(f"{size} postings: {closing}, {lines} lines")
