"""The ledger in three layers, on one PostgreSQL and the same data.

L0 inserts one pair row with its indices: what the disk and PostgreSQL allow. L1 calls the
bookkeeper's database function, by pgbench. L2 sends captures through RabbitMQ and one service
process. After each part the books must still add up.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, text

from benchmarks import peers, pgbench
from benchmarks.messaging import running
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until
from services.budget import invariants
from services.budget.accounts import bookkeeper
from services.budget.accounts.rules import names_of_book
from services.budget.funders.rules import FunderKind
from shared import clock
from shared.contracts.payments.purchases import PurchaseAmountsChanged
from shared.database import open_engine, open_sessions
from shared.messaging import outbox
from shared.trace import Trace

BUDGETS = 20_000
JOURNALS_BEFORE = 200_000
CAPTURES = 4_000
CLIENTS, THREADS, SECONDS = 8, 2, 6
PATIENCE_SECONDS = 120
# The rules that a ledger keeps which nobody but a benchmark has filled.
RULES = ("I1 ", "I2 ", "I3 ", "I4 ")
HOUSE = "d0000000-0000-4000-8000-00000000000"  # and a digit
NHS, COUNCIL, ANOTHER_NHS, POOL = (f"{HOUSE}{number}" for number in range(1, 5))
FUNDERS = (NHS, COUNCIL, ANOTHER_NHS)

_BUDGET = "('b0000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
_PURCHASE = "('c0000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
_AGREEMENT = "('e0000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
_BOOKS = [
    (funder, kind.value, name)
    for funder, funder_kind in zip(FUNDERS, ("nhs", "council", "nhs"), strict=True)
    for kind, name in names_of_book(FunderKind(funder_kind))
]


def _array(values: Iterable[str], kind: str) -> str:
    return f"ARRAY[{', '.join(repr(value) for value in values)}]::{kind}[]"


# ruff: noqa: S608 - what is put together here are words of this file
_SHARERS = _array((NHS, COUNCIL), "uuid")
_PRELOAD = (
    f"""INSERT INTO funders (funder_id, kind, code, name)
        VALUES ('{NHS}', 'nhs', 'QAA', 'NHS'), ('{COUNCIL}', 'council', 'E06', 'Council'),
               ('{ANOTHER_NHS}', 'nhs', 'QBB', 'Another NHS')""",
    f"""INSERT INTO pools (pool_id, name, agreement_reference, host_id, starts_on)
        VALUES ('{POOL}', 'Pool', 'S75', '{COUNCIL}', '2020-04-01')""",
    f"""INSERT INTO budgets (budget_id, plan_id, plan_version, person_id, legal_basis, total_pence,
                             state, low_below_pence, is_low, pool_id)
        SELECT {_BUDGET.format(n="n")}, gen_random_uuid(), 1, gen_random_uuid(), 'care_act', 10000,
               'active', 0, false, '{POOL}' FROM generate_series(1, :budgets) AS n""",
    f"""SELECT count(open_books({_BUDGET.format(n="n")},
                                {_array((funder for funder, _, _ in _BOOKS), "uuid")},
                                {_array((kind for _, kind, _ in _BOOKS), "text")},
                                {_array((name for _, _, name in _BOOKS), "text")}))
        FROM generate_series(1, :budgets) AS n""",
    f"""INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on, occurred_on,
                              actor, reason, metadata)
        SELECT ('a0000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
               {_BUDGET.format(n="(i - 1) % :budgets + 1")}, 'contribution', gen_random_uuid(),
               current_date, current_date, 'benchmark/system', 'Paid in.', '{{}}'
        FROM generate_series(1, :journals) AS i""",
    """INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                             amount_pence)
       SELECT journal_id, row_number() OVER (PARTITION BY journal_id), d.funder_id, d.account_id,
              c.account_id, 1000000
       FROM journals AS j JOIN accounts AS d ON d.budget_id = j.budget_id AND d.name = 'paid_in'
       JOIN accounts AS c ON c.budget_id = j.budget_id AND c.name = 'available'
            AND c.funder_id = d.funder_id""",
    """UPDATE balances SET posted_pence = 1000000 * (:journals / :budgets),
                           moves = :journals / :budgets""",
    f"""INSERT INTO budget_items (item_id, budget_id, plan_version, description, goal, payer,
                                  unit_cost_pence, occurrences)
        SELECT {_PURCHASE.format(n="n")}, {_BUDGET.format(n="n")}, 1, 'Riding lessons', '', 'joint',
               3500, 2 FROM generate_series(1, :budgets) AS n""",
    f"""INSERT INTO agreements (agreement_id, budget_id, purpose, version, state, starts_on,
                                denominator)
        SELECT {_AGREEMENT.format(n="n")}, {_BUDGET.format(n="n")}, 'joint', 1, 'agreed',
               '2020-04-01', 2 FROM generate_series(1, :budgets) AS n""",
    f"""INSERT INTO agreement_shares (agreement_id, funder_id, numerator, legal_basis, priority,
                                      agreed_pence, spent_pence)
        SELECT {_AGREEMENT.format(n="n")}, funder, 1, 'care_act', 1, 3500, 1750
        FROM generate_series(1, :budgets) AS n, unnest({_SHARERS}) AS funder""",
    f"""INSERT INTO holds (purchase_id, budget_id, item_id, agreement_id, asked_pence, held_pence,
                           posted_pence, expires_at, version, amounts_version, unmatched_pence)
        SELECT {_PURCHASE.format(n="n")}, {_BUDGET.format(n="n")}, {_PURCHASE.format(n="n")},
               {_AGREEMENT.format(n="n")}, 3500, 3500, 0, now() + interval '30 days', 1, 0, 0
        FROM generate_series(1, :budgets) AS n""",
    f"""INSERT INTO hold_portions (purchase_id, funder_id, asked_pence, held_pence, posted_pence,
                                   overspent_pence, advanced_pence)
        SELECT {_PURCHASE.format(n="n")}, funder, 1750, 1750, 0, 0, 0
        FROM generate_series(1, :budgets) AS n, unnest({_SHARERS}) AS funder""",
    f"""UPDATE balances SET held_pence = 1750 FROM accounts AS a
        WHERE a.account_id = balances.account_id AND a.funder_id <> '{ANOTHER_NHS}'""",
    """CREATE TABLE pairs (pair_id uuid PRIMARY KEY, debit_account_id bigint,
                           credit_account_id bigint, amount_pence bigint)""",
    "CREATE INDEX ON pairs (debit_account_id)",
    "CREATE INDEX ON pairs (credit_account_id)",
    "GRANT INSERT ON pairs TO budget",
)

_OF_JOURNALS = {**bookkeeper.JOURNALS, **bookkeeper.POSTINGS}
_OF_HOLDS = {**bookkeeper.HOLDS, **bookkeeper.PORTIONS}
_L0 = """
\\set a random(1, 220000)
INSERT INTO pairs VALUES (gen_random_uuid(), :a, :a + 1, 35);
"""


def _one(
    *, which: str, funders: int = 2, kind: str = "", hold: tuple[int, int] | None = None
) -> str:
    """Return a pgbench script of one call.

    Args:
        which: an expression of pgbench for the number of the budget.
        funders: how many have a posting in the journal.
        kind: of the journal, if one is written.
        hold: what each of two funders is to hold, and to have spent, in pence, if a hold changes.
    """
    said = ("'benchmark/system'", "'A purchase.'", "@empty")
    of_journal = ("id", "budget", repr(kind), "id", "current_date", "current_date", *said)
    debit, credit = ("paid_out", "available") if kind == "refund" else ("available", "paid_out")
    of_postings = [
        ["1"] * funders,
        [str(line) for line in range(1, funders + 1)],
        [repr(funder) for funder in FUNDERS[:funders]],
        [repr(debit)] * funders,
        [repr(credit)] * funders,
        ["7"] * funders,
    ]
    journal = [*of_journal, *(", ".join(posting) for posting in of_postings)] if kind else []
    of_hold = _hold_to_be(*hold) if hold else []
    return (
        f"\\set n {which}\n"
        f"SELECT book({_lists(_OF_JOURNALS, journal)}, {_lists(_OF_HOLDS, of_hold)})"
        " FROM (SELECT gen_random_uuid() AS id,"
        f" {_BUDGET.format(n=':n::int')} AS budget) AS j;\n"
    )


def _hold_to_be(held_pence: int, posted_pence: int) -> list[str]:
    n = ":n::int"
    purchase, agreement = _PURCHASE.format(n=n), _AGREEMENT.format(n=n)
    hold = [purchase, "budget", purchase, agreement, "3500", "now()", "2", "1", "0", "NULL"]
    of_each = ("1750", str(held_pence), str(posted_pence), "0", "0")
    funders = f"'{NHS}', '{COUNCIL}'"
    return [*hold, "1, 1", funders, *(f"{pence}, {pence}" for pence in of_each)]


def _lists(names: Mapping[str, str], values: Sequence[str]) -> str:
    """Return a list for each of the function's arguments of these names, or empty ones."""
    return ", ".join(
        f"ARRAY[{value}]::{kind}[]"
        for kind, value in zip(names.values(), values or [""] * len(names), strict=True)
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
            array_agg(place), array_agg(1::bigint), array_agg('{NHS}'::uuid),
            array_agg('paid_in'::text), array_agg('available'::text), array_agg(1000::bigint),
            {_lists(_OF_HOLDS, [])})
FROM (SELECT gen_random_uuid() AS id, {_BUDGET.format(n="n")} AS budget, place
      FROM generate_series(:s, :s + {size} - 1) WITH ORDINALITY AS series (n, place)) AS many;
"""


_PROCESSED = "SELECT count(*) FROM inbox WHERE state = 'processed'"
UNIFORM = f"random(1, {BUDGETS})"
ZIPF = f"random_zipfian(1, {BUDGETS}, 1.05)"
HELD, CAPTURED = (1750, 0), (0, 1750)  # what a funder holds, and what it has spent, in pence


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
        _preload(owner)
        bytes_before = _bytes(owner)
        figures = {"ledger.l0_rows_per_s": _pgbench(stack, "l0", _L0).per_second}
        two = _pgbench(stack, "two", _one(which=UNIFORM, kind="capture", hold=CAPTURED))
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
            "l1_journals": _one(which=UNIFORM, kind="contribution"),
            "l1_captures_zipf": _one(which=ZIPF, kind="capture", hold=CAPTURED),
            "l1_journals_three_funders": _one(which=UNIFORM, kind="capture", funders=3),
            "l1_captures_one_budget": _one(which="1", kind="capture", hold=CAPTURED),
            "l1_refunds": _one(which=UNIFORM, kind="refund", hold=CAPTURED),
            "l1_holds": _one(which=UNIFORM, hold=HELD),
        }.items():
            figures[f"ledger.{name}_per_s"] = _pgbench(stack, name, script).per_second
        for size in (100, 1_000):
            calls = _pgbench(stack, f"batch{size}", _batch(size)).per_second
            figures[f"ledger.l1_batches_of_{size}_transfers_per_s"] = calls * size
        figures["ledger.l1_batch_transfers_per_s"] = max(
            figures[f"ledger.l1_batches_of_{size}_transfers_per_s"] for size in (100, 1_000)
        )
        _see_that_the_books_add_up(owner)
        figures |= _through_the_service(stack, owner)
        figures |= peers.measure(stack)
        _see_that_the_books_add_up(owner)
    return figures


@contextmanager
def _owner(stack: Stack) -> Iterator[Engine]:
    url = stack.migration_environment("budget")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1, options="-c statement_timeout=0")
    yield engine
    engine.dispose()


def _preload(owner: Engine) -> None:
    """Fill the books."""
    values = {"budgets": BUDGETS, "journals": JOURNALS_BEFORE}
    with owner.begin() as connection:
        for statement in _PRELOAD:
            connection.execute(text(statement), values)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _pgbench(stack: Stack, name: str, script: str) -> pgbench.Measured:
    """Run a script for some seconds as the service's own role."""
    return pgbench.run(
        stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"],
        name,
        script.replace("@empty", "'{}'"),
        clients=CLIENTS,
        threads=THREADS,
        seconds=SECONDS,
    )


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
        for rule, question in invariants.QUESTIONS.items():
            if rule.startswith(RULES):
                broken = connection.scalars(text(question)).fetchmany(3)
                if broken:
                    raise AssertionError(f"{rule}: {broken}")


def _through_the_service(stack: Stack, owner: Engine) -> dict[str, float]:
    """Tell of a capture for each hold, start one process, and take the time its inbox spans.

    How much of one core the process itself uses meanwhile says what a second one could add: the
    rest is PostgreSQL's and RabbitMQ's, which have the same cores here.
    """
    engine = open_engine(
        stack.process_environment("payments")["COMMONPURSE_DATABASE_URL"], pool_size=1
    )
    with open_sessions(engine).begin() as session:
        for number in range(1, CAPTURES + 1):
            outbox.add(session, _a_capture(number), trace=_a_trace(number))
    with running(stack, "payments-relay", "operations.relay", "payments"):
        _wait_for(engine, "SELECT count(*) FROM outbox WHERE state = 'published'")
    engine.dispose()
    with running(stack, "budget", "operations.runner", "budget") as process_id:
        _wait_for(owner, _PROCESSED, at_least=1)
        before = _cpu_seconds(process_id)
        _wait_for(owner, _PROCESSED)
        used = _cpu_seconds(process_id) - before
    span = "SELECT extract(epoch FROM max(processed_at) - min(processed_at)) FROM inbox"
    with owner.connect() as connection:
        seconds = float(connection.scalar(text(span)))
    return {
        "ledger.l2_captures_per_s": CAPTURES / seconds,
        "ledger.l2_service_share_of_a_core": used / seconds,
    }


def _cpu_seconds(process_id: int) -> float:
    """Return the processor time that a process has had."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for(engine: Engine, count: str, *, at_least: int = CAPTURES) -> None:
    def is_there() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(text(count)) >= at_least)

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
