"""Other ledgers beside ours: on the same PostgreSQL, in the same run, in a database of their own.

Two lines of others, and each beside ours doing the same: one amount from one account to another.

- ``hordak_transfers_per_s``: django-hordak (``hordak_books.py``) in two processes of Python with
  one connection each. Two, because two cores give no more to four or eight of them (tried).
  ``bookkeeper_transfers_per_s`` is our bookkeeper in two such processes (``transfers.py``), and so
  the like of it; L1 is not, for pgbench needs next to nothing of the two cores for itself.
- ``pgledger_shape_per_s``: a ledger of pgledger's shape (``pgledger_shape.py``), called by pgbench
  with 20 clients over 50 accounts, and over 10 (``…_ten_accounts_per_s``). ``l1_fifty_accounts``
  and ``l1_ten_accounts`` are our database function with as many clients over as many accounts:
  ``paid_in`` and ``available`` of 25 budgets, and of 5. Ours keeps a balance for one account of
  the two, since only that may not be overdrawn, theirs for both; a transfer meets a given balance
  as often in either, one time in 25 and one time in 5.

They take turns, in rounds, so that what else the machine does falls on all; a figure is the mean of
its rounds. Afterwards the others' books must add up; whoever calls this looks at ours.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from statistics import mean

from sqlalchemy import Engine, make_url, text

from benchmarks import hordak_books, pgbench, pgledger_shape, transfers
from deploy.local.stack import Stack
from services.budget.accounts import bookkeeper
from shared.database import open_engine

PROCESSES = 2
THREADS, SECONDS = 2, 6
ROUNDS = 2

# Our database function's arguments for one transfer; those not named here are empty lists.
_ONE_TRANSFER = {
    "journal_ids": "id",
    "budget_ids": "budget",
    "kinds": "'contribution'",
    "source_ids": "id",
    "effective_ons": "current_date",
    "occurred_ons": "current_date",
    "actors": "'benchmark/system'",
    "reasons": "'Paid in.'",
    "metadata": "'{}'",
    "journal_places": "1",
    "lines": "1",
    "funder_ids": "funder",
    "debits": "'paid_in'",
    "credits": "'available'",
    "amounts_pence": "7",
}
_BOOKS = text("""
    SELECT array_agg(budget_id)::text AS budgets, min(funder_id::text) AS funder
    FROM (SELECT budget_id, funder_id FROM accounts
          WHERE name = 'paid_in' AND funder_id = (SELECT min(funder_id::text)::uuid FROM funders)
          ORDER BY account_id LIMIT :books) AS books
""")


def measure(stack: Stack) -> dict[str, float]:
    """Measure the others, and ours beside them, on a stack whose budgets are preloaded.

    Raises:
        AssertionError: another's books do not add up.
    """
    ours = stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    theirs = _make_database(stack)
    with _opened(theirs) as engine:
        pgledger_shape.prepare(engine)
        hordak_books.prepare(theirs, engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        figures = {
            f"ledger.{name}_per_s": per_second
            for name, per_second in _in_turns(_lines(theirs=theirs, ours=ours)).items()
        }
        pgledger_shape.see_that_the_books_add_up(engine)
        hordak_books.see_that_the_books_add_up(engine)
    return figures


def _lines(*, theirs: str, ours: str) -> dict[str, Callable[[], float]]:
    """Return what is measured, in its order: each line of another's, and then ours beside it."""
    lines: dict[str, Callable[[], float]] = {}
    for theirs_name, ours_name, accounts in (
        ("pgledger_shape", "l1_fifty_accounts", pgledger_shape.ACCOUNTS),
        ("pgledger_shape_ten_accounts", "l1_ten_accounts", pgledger_shape.FEW_ACCOUNTS),
    ):
        script = pgledger_shape.script(accounts=accounts)
        lines[theirs_name] = partial(_pgbench, theirs, theirs_name, script)
        lines[ours_name] = partial(_pgbench, ours, ours_name, _our_script(ours, accounts=accounts))
    lines["hordak_transfers"] = partial(transfers.per_second, "hordak", theirs, processes=PROCESSES)
    lines["bookkeeper_transfers"] = partial(
        transfers.per_second, "bookkeeper", ours, processes=PROCESSES
    )
    return lines


def _in_turns(lines: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    rounds = [{name: run() for name, run in lines.items()} for _ in range(ROUNDS)]
    return {name: mean(one[name] for one in rounds) for name in lines}


def _make_database(stack: Stack) -> str:
    """Make a database for the others, and return how an owner without privileges gets there."""
    with (
        _opened(stack.administrator_environment()["COMMONPURSE_DATABASE_URL"]) as administrator,
        administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text("CREATE DATABASE peers OWNER budget_owner"))
    url = make_url(stack.migration_environment("budget")["COMMONPURSE_DATABASE_URL"])
    return url.set(database="peers").render_as_string(hide_password=False)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url, pool_size=1, options="-c statement_timeout=0")
    yield engine
    engine.dispose()


def _pgbench(url: str, name: str, script: str) -> float:
    return pgbench.run(
        url, name, script, clients=pgledger_shape.CLIENTS, threads=THREADS, seconds=SECONDS
    ).per_second


def _our_script(url: str, *, accounts: int) -> str:
    """Return a pgbench script that books one transfer between two of so many accounts of ours."""
    books = accounts // 2
    with _opened(url) as engine, engine.connect() as connection:
        row = connection.execute(_BOOKS, {"books": books}).one()
    arguments = ", ".join(
        f"ARRAY[{_ONE_TRANSFER.get(name, '')}]::{kind}[]"
        for name, kind in bookkeeper.ARGUMENTS.items()
    )
    return (
        f"\\set n random(1, {books})\n"
        f"SELECT book({arguments}) FROM (SELECT gen_random_uuid() AS id,"
        f" ('{row.budgets}'::uuid[])[:n] AS budget, '{row.funder}'::uuid AS funder) AS one;\n"
    )
