"""What the front door costs: statements and purchases over HTTP, with the whole suite at work.

The suite runs as ``make up`` has it; the gateway's limits alone are raised, since one broker asks
here for more than a person does. A broker and the holders sign in at the simulated providers.
Everything is asked in an open loop: each request has a scheduled time, the next does not wait for
the last, and what is measured goes from the scheduled time to the answer's last byte. Of each
rate the first ``WARM_UP_SECONDS`` are asked and not counted.

- ``statement``: ``GET`` of two months' statement as JSON, by a broker and by holders in turns.
  ``statement_rpc`` is its peer: the same question by RPC, as the gateway asks it, from here. The
  two take turns, so that what else the machine does falls on both; ``statement_to_rpc_ratio`` is
  how many times as long the one takes as the other.
- ``purchase_ready``: a purchase asked for by ``POST`` with ``Prefer: wait`` until the answer says
  that it is ready. ``purchase_ready_event`` is until payments says so to the others, by the
  database's clock: what lies between is the gateway's. ``too_late`` counts those that were not
  ready within the ten seconds for which the gateway was to wait, and what no service answered.
  ``cpu_ms`` is the processor time of all processes for one: it says more than the times do where
  others work on the machine.

To measure for the record: ``make bench ONLY=gateway`` with nothing else at work, ten minutes.

``COMMONPURSE_BENCH_SECONDS`` shortens each rate for a trial: such figures say only that it works.
"""

import os
import queue
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from sqlalchemy import text

from benchmarks import open_loop, purchases
from benchmarks.purchases import Buyer, percentile
from benchmarks.visitors import WAIT_SECONDS, NotAnsweredError, Visitors
from deploy.local.environments import LIMITS
from deploy.local.stack import Stack
from shared import clock

STATEMENTS_PER_S = 50
PURCHASES_PER_S = (2, 5, 10, 20)
SECONDS = 30
ROUNDS = 3  # of statements, each a third of the time
WARM_UP_SECONDS = 3
PEOPLE = 5
BOUGHT_EACH = 20  # whole purchases, before a statement is asked for
BUYING_PER_S = 4

_READY = text("""
    SELECT subject, extract(epoch FROM created_at)::float8 AS at FROM outbox
    WHERE event_type = 'payments.purchase_ready.v1' AND subject = ANY(:subjects)
""")


def figures() -> dict[str, float]:
    """Return what both take, in milliseconds, on a stack of its own that ends with it."""
    seconds = int(os.environ.get("COMMONPURSE_BENCH_SECONDS", str(SECONDS)))
    day = clock.next_tuesday_at_ten()
    stack = Stack.named("bench", say=print)
    os.environ.update(dict.fromkeys(LIMITS, "100000"))
    stack.start(fresh=True, processes=True, clock_starts_at=day)
    try:
        return measure(stack, seconds=seconds, day=day.date())
    finally:
        stack.stop(politely=False)
        for name in LIMITS:
            del os.environ[name]


def measure(stack: Stack, *, seconds: int, day: date) -> dict[str, float]:
    """Measure on a stack in which nothing happened yet."""
    asked_for = sum(PURCHASES_PER_S) * (seconds + WARM_UP_SECONDS)
    left_over = 2 * len(PURCHASES_PER_S)  # not each loop asks the same number of each
    occurrences = BOUGHT_EACH + asked_for // PEOPLE + left_over
    buyers = purchases.fund_people(stack, PEOPLE, occurrences=occurrences)
    _buy_some(stack, buyers)
    visitors = Visitors(stack.environment(), buyers, day=day)
    found = _statements(stack, visitors, seconds=seconds)
    for rate in PURCHASES_PER_S:
        found |= _bought(stack, visitors, rate=rate, seconds=seconds)
        purchases.wait_for_quiet(stack)
    last = PURCHASES_PER_S[-1]
    found["gateway.purchase_ready_p50_ms"] = found[f"gateway.purchase_ready_p50_ms_at_{last}"]
    return found


def _buy_some(stack: Stack, buyers: Sequence[Buyer]) -> None:
    """Let there be something in the statements."""
    seconds = BOUGHT_EACH * PEOPLE // BUYING_PER_S
    with (
        purchases.connected(stack, "payments") as payments,
        purchases.connected(stack, "notifications") as told,
    ):
        run = purchases.Run(stack, buyers, payments)
        _, missing = run.buy(BUYING_PER_S, seconds=seconds, told=told)
    if missing:
        raise NotAnsweredError(f"{missing} purchases did not end.")
    purchases.wait_for_quiet(stack)


def _statements(stack: Stack, visitors: Visitors, *, seconds: int) -> dict[str, float]:
    """Ask by HTTP and by RPC in turns."""
    ways = {"statement": visitors.statement, "statement_rpc": visitors.statement_by_rpc}
    took_ms: dict[str, list[float]] = {name: [] for name in ways}
    too_late = dict.fromkeys(ways, 0)
    used_ms: dict[str, float] = dict.fromkeys(ways, 0)
    found: dict[str, float] = {}
    asked: dict[str, int] = dict.fromkeys(ways, 0)
    for _ in range(ROUNDS):
        for name, ask in ways.items():
            before = purchases.cpu_ms(stack)
            given: queue.SimpleQueue[bool] = queue.SimpleQueue()
            took_ms[name] += open_loop.times_ms(
                partial(_put, given, ask),
                rate=STATEMENTS_PER_S,
                seconds=seconds / ROUNDS,
                warm_up_seconds=WARM_UP_SECONDS,
            )
            after = purchases.cpu_ms(stack)
            used_ms[name] += sum(after.values()) - sum(before.values())
            asked[name] += given.qsize()
            too_late[name] += sum(not given.get() for _ in range(given.qsize()))
    for name in ways:
        found |= {
            f"gateway.{name}_p50_ms": percentile(took_ms[name], 50),
            f"gateway.{name}_p99_ms": percentile(took_ms[name], 99),
            f"gateway.{name}_cpu_ms": used_ms[name] / asked[name],
            f"gateway.{name}_too_late": float(too_late[name]),
        }
    found["gateway.statement_to_rpc_ratio"] = (
        found["gateway.statement_p50_ms"] / found["gateway.statement_rpc_p50_ms"]
    )
    return found


def _put(given: queue.SimpleQueue[bool], ask: Callable[[int], bool], number: int) -> None:
    given.put(ask(number))


def _bought(stack: Stack, visitors: Visitors, *, rate: int, seconds: int) -> dict[str, float]:
    """Ask for purchases at a rate, and see when each was ready."""
    ready: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
    too_late: queue.SimpleQueue[int] = queue.SimpleQueue()
    begins_at = time.time() + 1 + WARM_UP_SECONDS  # as the loop's counting does

    def buy(number: int) -> None:
        purchase_id = visitors.buy(number)
        if number < 0:
            return
        if purchase_id is None:
            too_late.put(number)
        else:
            ready.put((purchase_id, begins_at + number / rate))

    before = purchases.cpu_ms(stack)
    took_ms = open_loop.times_ms(buy, rate=rate, seconds=seconds, warm_up_seconds=WARM_UP_SECONDS)
    after = purchases.cpu_ms(stack)
    bought = len(took_ms) + rate * WARM_UP_SECONDS
    for number in [too_late.get() for _ in range(too_late.qsize())]:
        # Where many wait already, the answer that it is not ready comes at once.
        took_ms[number] = max(took_ms[number], WAIT_SECONDS * 1000)
    scheduled = dict(ready.get() for _ in range(ready.qsize()))
    said_ms = _said_ms(stack, scheduled)
    each = {name: (after[name] - before[name]) / bought for name in after}
    found = {
        f"gateway.purchase_ready_p50_ms_at_{rate}": percentile(took_ms, 50),
        f"gateway.purchase_ready_p99_ms_at_{rate}": percentile(took_ms, 99),
        f"gateway.purchase_ready_event_p50_ms_at_{rate}": percentile(said_ms, 50),
        f"gateway.purchase_ready_too_late_at_{rate}": float(len(took_ms) - len(scheduled)),
        f"gateway.purchase_ready_cpu_ms_at_{rate}": sum(each.values()),
    }
    if rate == PURCHASES_PER_S[-1]:
        found |= {f"gateway.purchase_ready_cpu_ms.{name}": used for name, used in each.items()}
    return found


def _said_ms(stack: Stack, scheduled: Mapping[str, float]) -> list[float]:
    """Return how long it took from each scheduled time until payments said that it was ready."""
    subjects = [f"purchase/{purchase_id}" for purchase_id in scheduled]
    with purchases.connected(stack, "payments") as payments:
        rows = payments.execute(_READY, {"subjects": subjects}).all()
    return [(row.at - scheduled[row.subject.partition("/")[2]]) * 1_000 for row in rows]
