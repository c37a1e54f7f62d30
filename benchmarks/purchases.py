"""Whole purchases in an open loop, with everything running, and what one of them costs.

A purchase is asked for at its scheduled time, whether or not those before it are done: held by
the ledger, its card issued, authorised and captured at the issuer's simulator, booked, and the
person's message accepted. What it took is counted from the scheduled time to that acceptance.
``COMMONPURSE_BENCH_SECONDS`` shortens each rate for a trial: such figures say only that it works.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from rich.console import Console
from sqlalchemy import Connection, text

from benchmarks import counts
from demo import partners, progress, quiet
from demo.calling import Caller
from demo.case import Case
from demo.clients import Shops
from demo.ids import CaseIds
from demo.playing import assessing, funding, planning, telling
from demo.playing.play import Play
from demo.staff import BROKER
from deploy.local.stack import Stack
from shared import clock
from shared.database import open_engine

RATES = (5, 10, 20, 40)  # purchases a second
SECONDS = 60
PEOPLE = 10
AMOUNT_PENCE = 10  # small, so that one person's plan can pay for hundreds
MOST_MS = 2_000  # at the 99th percentile
WORKERS = 48
PATIENCE_SECONDS = 120.0
SUPERVISOR = "honcho"
LOOK_EVERY_SECONDS = 0.05

_CARDS = text("SELECT purchase_id, issuer_card_id FROM cards WHERE purchase_id = ANY(:waiting)")
_ACCEPTED = text("""
    SELECT correlation_id, extract(epoch FROM max(created_at))::float8 AS at FROM outbox
    WHERE event_type = 'notifications.message_sent.v1' AND correlation_id = ANY(:stories)
    GROUP BY correlation_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A person with a live budget, and the one thing that their plan buys."""

    budget_id: str
    item_id: str
    payee: str
    merchant_category_code: str
    person: Mapping[str, Any]  # as the case tells of them


def figures() -> dict[str, float]:
    """Return what whole purchases took at each rate, and what one of them costs in counts."""
    seconds = int(os.environ.get("COMMONPURSE_BENCH_SECONDS", str(SECONDS)))
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        measured = at_rates(stack, seconds=seconds)
    finally:
        stack.stop(politely=False)
    return {**measured, **counts.figures()}


def at_rates(stack: Stack, *, seconds: int) -> dict[str, float]:
    """Buy at each rate for so many seconds; the next one begins when all is quiet again."""
    buyers = fund_people(stack, PEOPLE, occurrences=2 * seconds * sum(RATES) // PEOPLE + 1)
    found: dict[str, float] = {}
    with connected(stack, "payments") as payments, connected(stack, "notifications") as told:
        for rate in RATES:
            before = cpu_ms(stack)
            took_ms, missing = Run(stack, buyers, payments).buy(rate, seconds=seconds, told=told)
            wait_for_quiet(stack)
            bought = rate * seconds
            used = cpu_ms(stack)
            p50, p99 = percentile(took_ms, 50), percentile(took_ms, 99)
            is_sustained = not missing and p99 < MOST_MS
            found |= {
                f"purchases.p50_ms_at_{rate}": p50,
                f"purchases.p99_ms_at_{rate}": p99,
                f"purchases.left_over_at_{rate}": float(missing),
            }
            if is_sustained or rate == RATES[0]:
                each = {name: (used[name] - before[name]) / bought for name in before}
                found |= {
                    "purchases.sustained_per_s": float(rate) if is_sustained else 0.0,
                    "purchases.p50_ms": p50,
                    "purchases.p99_ms": p99,
                    "purchases.cpu_ms": sum(each.values()),
                    **{f"purchases.cpu_ms.{name}": value for name, value in each.items()},
                }
            if not is_sustained:
                break
    return found


class Run:
    """One rate: a thread that schedules, one that looks for cards, and workers that call."""

    def __init__(self, stack: Stack, buyers: Sequence[Buyer], payments: Connection) -> None:
        self._environment = stack.environment()
        self._buyers = buyers
        self._payments = payments
        self._own = threading.local()
        self._stop = threading.Event()
        self._waiting: dict[UUID, Buyer] = {}  # asked for, and no card is known
        self._failed: list[str] = []

    def buy(self, rate: int, *, seconds: int, told: Connection) -> tuple[list[float], int]:
        """Return how long each purchase took in milliseconds, and how many did not end."""
        scheduled: dict[UUID, float] = {}
        with ThreadPoolExecutor(WORKERS) as workers:
            begins_at = time.time() + 1
            for number in range(rate * seconds):
                purchase_id, due_at = uuid4(), begins_at + number / rate
                self._look_for_cards_until(due_at, workers)
                buyer = self._buyers[number % len(self._buyers)]
                scheduled[purchase_id] = due_at
                self._waiting[purchase_id] = buyer
                workers.submit(self._guarded, self._ask, purchase_id, buyer)
            gives_up_at = time.time() + PATIENCE_SECONDS
            while self._waiting and time.time() < gives_up_at:
                self._look_for_cards_until(time.time() + LOOK_EVERY_SECONDS, workers)
        accepted = _accepted(told, list(scheduled), gives_up_at=gives_up_at)
        for reason in self._failed[:3]:
            Console(stderr=True).print(f"a purchase failed: {reason}")
        took_ms = [(at - scheduled[story]) * 1_000 for story, at in accepted.items()]
        return took_ms, len(scheduled) - len(accepted)

    def _look_for_cards_until(self, at: float, workers: ThreadPoolExecutor) -> None:
        while True:
            for purchase_id, card_id in self._new_cards():
                buyer = self._waiting.pop(purchase_id)
                workers.submit(self._guarded, self._pay, card_id, buyer)
            left = at - time.time()
            if left <= 0:
                return
            time.sleep(min(left, LOOK_EVERY_SECONDS))

    def _new_cards(self) -> Sequence[Any]:
        if not self._waiting:
            return []
        found = self._payments.execute(_CARDS, {"waiting": list(self._waiting)}).all()
        self._payments.rollback()
        return found

    def _guarded(self, work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001 - it is counted as left over
            self._failed.append(f"{type(error).__name__}: {error}")

    def _ask(self, purchase_id: UUID, buyer: Buyer) -> None:
        request = {
            "purchase_id": str(purchase_id),
            "budget_id": buyer.budget_id,
            "item_id": buyer.item_id,
            "amount_pence": AMOUNT_PENCE,
            "requested_by": BROKER.staff_id,
            "instruction": "As every week, please",
            "is_not_a_repeat": True,
            "not_a_repeat_because": "Each week's is another one",
        }
        self._caller().command(
            "payments.request_purchase",
            request,
            command_id=purchase_id,
            correlation_id=purchase_id,
        )

    def _pay(self, card_id: str, buyer: Buyer) -> None:
        shops = self._shops()
        authorisation = shops.authorise(
            card_id=card_id,
            amount_pence=AMOUNT_PENCE,
            merchant=buyer.payee,
            merchant_category_code=buyer.merchant_category_code,
        )
        if authorisation.is_approved:
            shops.capture(authorisation.authorisation_id)
        else:
            self._failed.append("a card was declined")

    def _caller(self) -> Caller:
        if not hasattr(self._own, "caller"):
            self._own.caller = Caller(self._environment, stop=self._stop)
        caller: Caller = self._own.caller
        return caller

    def _shops(self) -> Shops:
        if not hasattr(self._own, "shops"):
            self._own.shops = Shops(
                issuer_url=self._environment["DEMO_CARD_ISSUER_URL"],
                api_key=self._environment["DEMO_CARD_ISSUER_API_KEY"],
            )
        shops: Shops = self._own.shops
        return shops


def _accepted(
    told: Connection, stories: Sequence[UUID], *, gives_up_at: float
) -> Mapping[UUID, float]:
    """Return when the message about each purchase was accepted, by the database's clock."""
    while True:
        found = {
            row.correlation_id: row.at for row in told.execute(_ACCEPTED, {"stories": stories})
        }
        told.rollback()
        if len(found) == len(stories) or time.time() > gives_up_at:
            return found
        time.sleep(0.5)


def fund_people(
    stack: Stack, people: int, *, occurrences: int, unit_cost_pence: int = AMOUNT_PENCE
) -> list[Buyer]:
    """Play people's cases up to a budget that is paid in."""
    template = counts.a_case(occurrences, unit_cost_pence=unit_cost_pence)
    caller = _caller_of(stack)
    shown = progress.shown_on(Console(quiet=True), progress.expected([template]))
    run_id = uuid4()
    with shown:
        buyers = []
        for number in range(people):
            person = {**template.person, **_somebody(template, number)}
            case = replace(template, case_ref=f"BENCH-{number:04}", person=person)
            buyers.append(fund(case, stack, caller, run_id=run_id, shown=shown))
    caller.close()
    wait_for_quiet(stack)
    return buyers


def fund(case: Case, stack: Stack, caller: Caller, *, run_id: UUID, shown: Any) -> Buyer:
    """Play a case from its referral until its budget can be spent."""
    environment = stack.environment()
    shops = Shops(
        issuer_url=environment["DEMO_CARD_ISSUER_URL"],
        api_key=environment["DEMO_CARD_ISSUER_API_KEY"],
    )
    ids = CaseIds(run_id=run_id, case_ref=case.case_ref)
    play = Play(
        case=case,
        ids=ids,
        caller=caller,
        shops=shops,
        shown=shown,
        partners=partners.open_pool(caller),
    )
    play.note_id("story_id", ids.text("story"))
    offer = assessing.assess(play)
    telling.tell_amount(play)
    if case.support_plan is None or case.sign_off is None or case.budget is None:
        raise RuntimeError("The template has no budget.")
    planning.agree(play, plan=case.support_plan, sign_off=case.sign_off, offer=offer)
    funding.fund(play, funding=case.budget)
    (item,) = case.support_plan.items
    return Buyer(
        budget_id=play.known["budget_id"],
        item_id=ids.text("item/0"),
        payee=item.payee,
        merchant_category_code=item.merchant_category_code or "",
        person=case.person,
    )


def _somebody(template: Case, number: int) -> dict[str, str]:
    """Return identifiers of an invented person; the ten digits prove themselves (modulus 11)."""
    digits = 999_000_000 + number * 7
    while True:
        text_of = str(digits)
        check = 11 - sum((10 - place) * int(one) for place, one in enumerate(text_of)) % 11
        if check != 10:  # noqa: PLR2004 - no such number is ever given out
            break
        digits += 1
    return {
        "nhs_number": f"{text_of}{check % 11}",
        "council_client_id": f"LAS999{number:04}",
        "family_name": f"{template.person['family_name']}{chr(ord('a') + number)}",
    }


def cpu_ms(stack: Stack) -> dict[str, float]:
    """Return the processor time that each process has had, with its children, in milliseconds.

    The supervisor is left out: what it started is counted by name.
    """
    return {
        row.process: _cpu_ms_of(int(row.pid))
        for row in stack.status()
        if row.pid and row.process != SUPERVISOR
    }


def _cpu_ms_of(process_id: int) -> float:
    """Sum user and system time of a process, of those it waited for, and of living children."""
    ticks = 0
    family = [process_id]
    while family:
        one = family.pop()
        try:
            stat = Path(f"/proc/{one}/stat").read_text()
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        ticks += sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])
        family += map(int, children)
    return ticks * 1_000 / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:  # noqa: PLR2004 - quantiles need two
        return float("inf")
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


@contextmanager
def connected(stack: Stack, service: str) -> Iterator[Connection]:
    url = stack.migration_environment(service)["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _caller_of(stack: Stack) -> Caller:
    return Caller(stack.environment(), stop=threading.Event())


def wait_for_quiet(stack: Stack) -> None:
    caller = _caller_of(stack)
    url = stack.environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    quiet.wait_for_quiet(caller, management_url=url)
    caller.close()
