"""What a partner's message takes: from its virtual host to a service and back, the suite at work.

Three trusts join by files of their own and refer people: ``referrals_per_s`` says how many of those
were answered in a second, with all that follows from a referral in the other services. All other
messages report a consent, about one after the other of them: that is the door, one service's work
in its tables, and the reply.

- ``reply_p50_ms``: from the scheduled time at which a partner publishes, in an open loop of ten a
  second, until the reply is in its hands. To reach: 150.
- ``messages_per_s``: as many as fit into a hundred a second are published at once by two partners;
  how many of them were answered in a second. To reach: 100.
- ``mesh_drain_s``: five hundred wait in our mailbox when the poller comes; until the last one is
  acknowledged there. To reach: 60.
- ``flood_p99_ratio``: how many times as long the slowest hundredth of one partner's replies takes
  while another publishes a thousand a second, a hundred times as many, as before, in the same run.
  To reach: 2. It is a rate and not as fast as it goes, since the flooder runs here, too: on two
  cores its own processor time would be what is measured.

To measure for the record: ``make bench ONLY=partners`` with nothing else at work, four minutes.
``COMMONPURSE_BENCH_SECONDS`` shortens it for a trial: such figures say only that it works.
"""

import itertools
import os
import shutil
import signal
import threading
import time
from contextlib import closing, suppress

from benchmarks import purchases
from benchmarks.partner_systems import FAST, POSTED, SLOW, ByAmqp, ByMesh, open_hosts, write_files
from benchmarks.purchases import percentile
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until
from services.partners.register import Register
from shared import clock

SECONDS = 30
PEOPLE, PEOPLE_BY_MESH = 50, 5
CALM_PER_S = 10
WARM_UP_SECONDS = 3
WANTED_PER_S = 100
IN_MAILBOX = 500
FLOOD_AT_ONCE, FLOOD_PER_S = 50, 1_000
LEAST_CPU_MS = 0.1  # what is less says nothing
DRAINED_WITHIN_SECONDS = 600
PROGRAMS = ("partners", "partners-relay", "partners-errands", "partners-bridge", "partners-mesh")


def figures() -> dict[str, float]:
    """Return what messages take, on a stack of its own that ends with it."""
    seconds = int(os.environ.get("COMMONPURSE_BENCH_SECONDS", str(SECONDS)))
    stack = Stack.named("bench", say=print)
    directory = stack.paths.stack / "partners"
    register = write_files(directory)
    settings = {name: {"PARTNERS_DIRECTORY": str(directory)} for name in PROGRAMS}
    day = clock.next_tuesday_at_ten()
    stack.start(fresh=True, processes=True, clock_starts_at=day, settings=settings)
    try:
        open_hosts(stack, register)
        return measure(stack, register, seconds=seconds)
    finally:
        stack.stop(politely=False)
        shutil.rmtree(directory, ignore_errors=True)


def measure(stack: Stack, register: Register, *, seconds: int) -> dict[str, float]:
    """Measure on a stack in which nothing happened yet."""
    agreements = register.agreements
    with (
        closing(ByMesh(stack, agreements[POSTED])) as posted,
        closing(ByAmqp(stack, agreements[FAST])) as fast,
        closing(ByAmqp(stack, agreements[SLOW])) as slow,
    ):
        found = _referred(stack, fast, slow, posted)
        calm = _calm_ms(slow, seconds=seconds)
        found |= {
            "partners.reply_p50_ms": percentile(calm, 50),
            "partners.reply_p99_ms": percentile(calm, 99),
        }
        found |= _throughput(stack, fast, slow, seconds=seconds)
        found |= _drained(posted, stack, share=seconds / SECONDS)
        purchases.wait_for_quiet(stack)
        return found | _flooded(fast, slow, seconds=seconds)  # the last: it leaves much behind


def _referred(stack: Stack, fast: ByAmqp, slow: ByAmqp, posted: ByMesh) -> dict[str, float]:
    began_at = time.monotonic()
    for system in (fast, slow):
        system.refer(PEOPLE)
    took_seconds = time.monotonic() - began_at
    posted.refer(PEOPLE_BY_MESH)
    purchases.wait_for_quiet(stack)
    return {"partners.referrals_per_s": 2 * PEOPLE / took_seconds}


def _calm_ms(system: ByAmqp, *, seconds: float) -> list[float]:
    """Publish ten a second, whoever still waits, and return what the replies took."""
    system.forget()
    warm_up = WARM_UP_SECONDS * CALM_PER_S
    begins_at = time.monotonic()
    for number in range(warm_up + round(seconds * CALM_PER_S)):
        at = begins_at + number / CALM_PER_S
        time.sleep(max(0.0, at - time.monotonic()))
        system.report(scheduled_at=at)
    system.wait()
    return system.took_ms()[warm_up:]


def _throughput(stack: Stack, fast: ByAmqp, slow: ByAmqp, *, seconds: float) -> dict[str, float]:
    each = round(WANTED_PER_S * seconds / 2)
    before = purchases.cpu_ms(stack)
    began_at = time.monotonic()
    for system in (fast, slow):
        system.forget()
        system.report(each)
    for system in (fast, slow):
        system.wait()
    took_seconds = time.monotonic() - began_at
    after = purchases.cpu_ms(stack)
    used = {name: (after[name] - before[name]) / (2 * each) for name in after}
    busy = {name: used_ms for name, used_ms in used.items() if used_ms >= LEAST_CPU_MS}
    return {
        "partners.messages_per_s": 2 * each / took_seconds,
        "partners.message_cpu_ms": sum(used.values()),
        **{f"partners.message_cpu_ms.{name}": used_ms for name, used_ms in busy.items()},
    }


def _flooded(fast: ByAmqp, slow: ByAmqp, *, seconds: float) -> dict[str, float]:
    """Ask the same of one partner before and while another floods its virtual host."""
    before = percentile(_calm_ms(slow, seconds=seconds), 99)
    is_over = threading.Event()
    fast.forget()

    def flood() -> None:
        began_at = time.monotonic()
        with suppress(TimeoutError):  # the broker holds it back
            for number in itertools.count():
                due_at = began_at + number * FLOOD_AT_ONCE / FLOOD_PER_S
                if is_over.wait(max(0.0, due_at - time.monotonic())):
                    return
                fast.report(FLOOD_AT_ONCE)

    flooding = threading.Thread(target=flood)
    flooding.start()
    try:
        during = percentile(_calm_ms(slow, seconds=seconds), 99)
    finally:
        is_over.set()
        flooding.join()
    return {
        "partners.calm_p99_ms": before,
        "partners.flooded_p99_ms": during,
        "partners.flood_p99_ratio": during / before,
        "partners.flood_published": float(len(fast.sent_at)),
        "partners.flood_answered": float(len(fast.came_at)),
    }


def _drained(mailbox: ByMesh, stack: Stack, *, share: float) -> dict[str, float]:
    """Let the mailbox fill while the poller is held, and see how long it takes to drain it."""
    (poller,) = (int(row.pid) for row in stack.status() if row.process == "partners-mesh")
    os.kill(poller, signal.SIGSTOP)
    try:
        mailbox.report(round(IN_MAILBOX * min(1, share)))
    finally:
        os.kill(poller, signal.SIGCONT)
    began_at = time.monotonic()
    if not wait_until(mailbox.is_drained, patience_seconds=DRAINED_WITHIN_SECONDS):
        raise TimeoutError("The mailbox was not drained.")
    return {"partners.mesh_drain_s": time.monotonic() - began_at}
