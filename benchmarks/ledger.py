"""The ledger in three layers, on one PostgreSQL and the same data.

L0 inserts one pair row with its indices: what the disk and PostgreSQL allow. L1 calls the
bookkeeper's database function, by pgbench. L2 sends captures through RabbitMQ and one service
process. After each part the books must still add up.
"""

import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, text

from benchmarks.messaging import running
from deploy.local import postgres
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until
from services.budget import verify
from services.budget.accounts import bookkeeper
from shared import clock
from shared.contracts.payments import PurchaseAmountsChanged
from shared.database import open_engine, open_sessions
from shared.messaging import outbox
from shared.trace import Trace

BUDGETS = 20_000
JOURNALS_BEFORE = 200_000
ACCOUNTS_OF_A_BUDGET = 11
CAPTURES = 4_000
CLIENTS, THREADS, SECONDS = 8, 2, 6
PATIENCE_SECONDS = 120
# The rules that a ledger keeps which nobody but a benchmark has filled.
RULES = ("I1 ", "I2 ", "I3 ", "I4 ")

_BUDGET = "('b0000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
_PURCHASE = "('c0000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
# The accounts of a budget in the order in which they are opened: nhs, council, person.
_KINDS = (
    "ARRAY['paid_in','available','paid_out','overspent',"
    " 'paid_in','charged','available','paid_out','overspent','own_money','contributed']"
)
_FUNDERS = (
    "ARRAY['nhs','nhs','nhs','nhs','council','council','council','council','council',"
    " 'person','person']"
)
# ruff: noqa: S608 - what is put together here are words of this file
_PRELOAD = (
    f"""INSERT INTO budgets (budget_id, plan_id, plan_version, person_id, legal_basis, total_pence,
                             state)
        SELECT {_BUDGET.format(n="n")}, gen_random_uuid(), 1, gen_random_uuid(), 'care_act', 10000,
               'active' FROM generate_series(1, :budgets) AS n""",
    f"""SELECT count(open_books({_BUDGET.format(n="n")}, {_FUNDERS}, {_KINDS}))
        FROM generate_series(1, :budgets) AS n""",
    f"""INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on, occurred_on,
                              actor, reason, metadata)
        SELECT ('a0000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
               {_BUDGET.format(n="(i - 1) % :budgets + 1")}, 'contribution', gen_random_uuid(),
               current_date, current_date, 'benchmark/system', 'Paid in.', '{{}}'
        FROM generate_series(1, :journals) AS i""",
    f"""INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                              amount_pence)
        SELECT ('a0000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, line, funder,
               first + ((i - 1) % :budgets) * {ACCOUNTS_OF_A_BUDGET} + debit,
               first + ((i - 1) % :budgets) * {ACCOUNTS_OF_A_BUDGET} + credit, 1000000
        FROM (SELECT min(account_id) AS first FROM accounts) AS accounts,
             (VALUES (1, 'nhs', 0, 1), (2, 'council', 4, 6)) AS lines (line, funder, debit, credit),
             generate_series(1, :journals) AS i""",
    """UPDATE balances SET posted_pence = 1000000 * (:journals / :budgets)""",
    f"""INSERT INTO budget_items (item_id, budget_id, description, payer, unit_cost_pence,
                                  occurrences)
        SELECT {_PURCHASE.format(n="n")}, {_BUDGET.format(n="n")}, 'Riding lessons', 'joint', 3500,
               2 FROM generate_series(1, :captures) AS n""",
    f"""INSERT INTO funder_shares (budget_id, funder_id, agreed_pence, joint_agreed_pence,
                                   joint_spent_pence)
        SELECT {_BUDGET.format(n="n")}, funder, 3500, 3500, 1750
        FROM generate_series(1, :captures) AS n, unnest(ARRAY['nhs', 'council']) AS funder""",
    f"""INSERT INTO holds (purchase_id, budget_id, item_id, asked_pence, held_pence, expires_at,
                           posted_pence, version, amounts_version)
        SELECT {_PURCHASE.format(n="n")}, {_BUDGET.format(n="n")}, {_PURCHASE.format(n="n")}, 3500,
               3500, now() + interval '30 days', 0, 1, 0
        FROM generate_series(1, :captures) AS n""",
    f"""INSERT INTO hold_portions (purchase_id, funder_id, asked_pence, held_pence, posted_pence,
                                   overspent_pence)
        SELECT {_PURCHASE.format(n="n")}, funder, 1750, 1750, 0, 0
        FROM generate_series(1, :captures) AS n, unnest(ARRAY['nhs', 'council']) AS funder""",
    """UPDATE balances SET held_pence = 1750 FROM accounts AS a JOIN holds USING (budget_id)
       WHERE a.account_id = balances.account_id""",
    """CREATE TABLE pairs (pair_id uuid PRIMARY KEY, debit_account_id bigint,
                           credit_account_id bigint, amount_pence bigint)""",
    "CREATE INDEX ON pairs (debit_account_id)",
    "CREATE INDEX ON pairs (credit_account_id)",
    "GRANT INSERT ON pairs TO budget",
)

# What the database function takes, in its order.
_TYPES = tuple(bookkeeper.ARGUMENTS.values())
_L0 = """
\\set a random(1, 220000)
INSERT INTO pairs VALUES (gen_random_uuid(), :a, :a + 1, 35);
"""


def _one(*, which: str, lines: int, kind: str = "capture", held: bool = False) -> str:
    """Return a pgbench script that books one journal, or with ``held`` steps of what is held."""
    books = [("nhs", 1, 2), ("council", 6, 7), ("person", 10, 9)][:lines]
    if kind == "refund":
        books = [(funder, credit, debit) for funder, debit, credit in books]
    accounts = "".join(
        f"\\set {side}{at} @first + (:n - 1) * {ACCOUNTS_OF_A_BUDGET} + {place}\n"
        for at, (_, debit, credit) in enumerate(books)
        for side, place in (("d", debit), ("c", credit))
    )

    def each(value: str) -> str:
        return ", ".join(value.replace("#", str(at)) for at in range(len(books)))

    journal = ("id", "budget", f"'{kind}'", "id", "current_date", "current_date")
    journal = (*journal, "'benchmark/system'", "'A purchase.'", "@empty")
    funders = ", ".join(f"'{funder}'" for funder, _, _ in books)
    posting = (each("id"), each("#::bigint"), funders, each(":d#"), each(":c#"), each("7"))
    step = (each(":d#"), each("1"))
    values = [*((("",) * 15) if held else (*journal, *posting)), *(step if held else ("", ""))]
    arguments = ", ".join(
        f"ARRAY[{value}]::{kind_}[]" for value, kind_ in zip(values, _TYPES, strict=True)
    )
    return (
        f"\\set n {which}\n{accounts}"
        f"SELECT book({arguments}) FROM (SELECT gen_random_uuid() AS id,"
        f" {_BUDGET.format(n=':n::int')} AS budget) AS j;\n"
    )


def _batch(size: int) -> str:
    """Return a pgbench script that books a transfer for each of so many budgets in one call.

    Each client has budgets of its own, as the runs of a real day would be divided.
    """
    of_a_client = BUDGETS // CLIENTS
    return f"""
\\set s 1 + :client_id * {of_a_client} + random(0, {of_a_client - size})
SELECT book(array_agg(id), array_agg(budget), array_agg('contribution'::text), array_agg(id),
            array_agg(current_date), array_agg(current_date), array_agg('benchmark/system'::text),
            array_agg('Paid in.'::text), array_agg(@empty::jsonb),
            array_agg(id), array_agg(1::bigint),
            array_agg('nhs'::text), array_agg(a), array_agg(a + 1), array_agg(1000::bigint),
            ARRAY[]::bigint[], ARRAY[]::bigint[])
FROM (SELECT gen_random_uuid() AS id, {_BUDGET.format(n="n")} AS budget,
             @first + (n - 1) * {ACCOUNTS_OF_A_BUDGET}::bigint AS a
      FROM generate_series(:s, :s + {size} - 1) AS n) AS many;
"""


UNIFORM = f"random(1, {BUDGETS})"
ZIPF = f"random_zipfian(1, {BUDGETS}, 1.05)"


def measure() -> dict[str, float]:
    """Measure on servers of its own, which end with it."""
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return _measure(stack)
    finally:
        stack.stop(politely=False)


def _measure(stack: Stack) -> dict[str, float]:
    with _owner(stack) as owner:
        first = _preload(owner)
        bytes_before = _bytes(owner)
        figures = {"ledger.l0_rows_per_s": _pgbench(stack, "l0", _L0).per_second}
        two = _pgbench(stack, "two", _one(which=UNIFORM, lines=2), first=first)
        figures |= {
            "ledger.l1_captures_per_s": two.per_second,
            "ledger.l1_captures_p50_ms": two.p50_ms,
            "ledger.l1_captures_p95_ms": two.p95_ms,
            "ledger.l1_captures_p99_ms": two.p99_ms,
            "ledger.l1_to_l0_ratio": two.per_second / figures["ledger.l0_rows_per_s"],
        }
        journals = _journals(owner) - JOURNALS_BEFORE
        figures["ledger.bytes_per_journal"] = (_bytes(owner) - bytes_before) / journals
        for name, script in {
            "l1_captures_zipf": _one(which=ZIPF, lines=2),
            "l1_captures_three_funders": _one(which=UNIFORM, lines=3),
            "l1_captures_one_budget": _one(which="1", lines=2),
            "l1_refunds": _one(which=UNIFORM, lines=2, kind="refund"),
            "l1_holds": _one(which=UNIFORM, lines=2, held=True),
        }.items():
            figures[f"ledger.{name}_per_s"] = _pgbench(stack, name, script, first=first).per_second
        for size in (100, 1_000):
            calls = _pgbench(stack, f"batch{size}", _batch(size), first=first).per_second
            figures[f"ledger.l1_batches_of_{size}_transfers_per_s"] = calls * size
        figures["ledger.l1_batch_transfers_per_s"] = max(
            figures[f"ledger.l1_batches_of_{size}_transfers_per_s"] for size in (100, 1_000)
        )
        _see_that_the_books_add_up(owner)
        figures["ledger.l2_captures_per_s"] = _through_the_service(stack, owner)
        _see_that_the_books_add_up(owner)
    return figures


@contextmanager
def _owner(stack: Stack) -> Iterator[Engine]:
    url = stack.migration_environment("budget")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1, options="-c statement_timeout=0")
    yield engine
    engine.dispose()


def _preload(owner: Engine) -> int:
    """Fill the books, and return the first account's id."""
    values = {"budgets": BUDGETS, "journals": JOURNALS_BEFORE, "captures": CAPTURES}
    with owner.begin() as connection:
        for statement in _PRELOAD:
            connection.execute(text(statement), values)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        return int(connection.scalar(text("SELECT min(account_id) FROM accounts")))


class Measured:
    """What one run of pgbench came to."""

    def __init__(self, said: str, latencies_ms: list[float]) -> None:
        self.per_second = float(re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)[1])
        cuts = statistics.quantiles(latencies_ms, n=100)
        self.p50_ms, self.p95_ms, self.p99_ms = cuts[49], cuts[94], cuts[98]


def _pgbench(stack: Stack, name: str, script: str, *, first: int = 0) -> Measured:
    """Run a script for some seconds as the service's own role."""
    url = stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.sql")
        path.write_text(script.replace("@first", str(first)).replace("@empty", "'{}'"))
        ran = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [
                str(postgres.programs() / "pgbench"),
                *("-n", "-M", "prepared", "-c", str(CLIENTS), "-j", str(THREADS)),
                *("-T", str(SECONDS), "-f", str(path), "-l", "--log-prefix", f"{folder}/log"),
                url.replace("+psycopg2", ""),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise RuntimeError(ran.stderr[-2_000:])
        lines = [line for log in Path(folder).glob("log.*") for line in log.open()]
        return Measured(ran.stdout, [int(line.split()[2]) / 1000 for line in lines])


def _bytes(owner: Engine) -> int:
    sizes = text("SELECT pg_total_relation_size('journals') + pg_total_relation_size('postings')")
    with owner.connect() as connection:
        return int(connection.scalar(sizes))


def _journals(owner: Engine) -> int:
    with owner.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM journals")))


def _see_that_the_books_add_up(owner: Engine) -> None:
    """Make sure that no penny was lost on the way.

    Raises:
        AssertionError: names what does not add up; the figures are worth nothing then.
    """
    with owner.connect() as connection:
        for rule, question in verify.QUESTIONS.items():
            if rule.startswith(RULES):
                broken = connection.scalars(text(question)).fetchmany(3)
                if broken:
                    raise AssertionError(f"{rule}: {broken}")


def _through_the_service(stack: Stack, owner: Engine) -> float:
    """Tell of a capture for each hold, start one process, and take the time its inbox spans."""
    engine = open_engine(
        stack.process_environment("payments")["COMMONPURSE_DATABASE_URL"], pool_size=1
    )
    with open_sessions(engine).begin() as session:
        for number in range(1, CAPTURES + 1):
            outbox.add(session, _a_capture(number), trace=_a_trace(number))
    with running(stack, "payments-relay", "shared.messaging.relay", "payments"):
        _wait_for(engine, "SELECT count(*) FROM outbox WHERE state = 'published'")
    engine.dispose()
    with running(stack, "budget", "operations.runner", "budget"):
        _wait_for(owner, "SELECT count(*) FROM inbox WHERE state = 'processed'")
    span = "SELECT extract(epoch FROM max(processed_at) - min(processed_at)) FROM inbox"
    with owner.connect() as connection:
        return CAPTURES / float(connection.scalar(text(span)))


def _wait_for(engine: Engine, count: str) -> None:
    def is_there() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(text(count)) >= CAPTURES)

    if not wait_until(is_there, patience_seconds=PATIENCE_SECONDS):
        raise TimeoutError(count)


def _a_capture(number: int) -> PurchaseAmountsChanged:
    return PurchaseAmountsChanged(
        occurred_at=clock.now(),
        purchase_id=UUID(f"c0000000-0000-4000-8000-{number:012x}"),
        version=1,
        budget_id=UUID(f"b0000000-0000-4000-8000-{number:012x}"),
        held_pence=0,
        posted_pence=35_00,
    )


def _a_trace(number: int) -> Trace:
    id_ = UUID(int=number)
    return Trace(correlation_id=id_, causation_id=id_, actor="benchmark/system", at=clock.now())
