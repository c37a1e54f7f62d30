"""``python -m benchmarks.transfers hordak``: processes that make transfers side by side, in Python.

Each says ``ready`` when it is warm, begins when it is told to, and after some seconds says how many
a second it made.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import IO
from uuid import uuid4

from sqlalchemy import select

from benchmarks import hordak_books
from services.budget.accounts import bookkeeper
from services.budget.accounts.models import Account, JournalKind
from services.budget.accounts.rules import AccountKind, Entry
from shared import clock
from shared.database import open_engine, open_sessions

URL = "BENCHMARK_DATABASE_URL"
SECONDS = 6
WARM_UP = 200
READY = "ready\n"
BUDGETS_OF_A_PROCESS = 1_000


def through_our_bookkeeper(url: str) -> Callable[[], object]:
    """Return what makes one transfer, of 7p from paid in to available, of a budget by chance."""
    sessions = open_sessions(open_engine(url, pool_size=1))
    with sessions.begin() as session:
        all_budgets = session.scalars(select(Account.budget_id).distinct()).all()
        funders = select(Account.funder_id).order_by(Account.account_id)
        funder_id = session.scalars(funders.limit(1)).one()
    budgets = random.sample(all_budgets, BUDGETS_OF_A_PROCESS)
    entry = Entry(
        funder_id=funder_id,
        debit=AccountKind.PAID_IN.value,
        credit=AccountKind.AVAILABLE.value,
        amount_pence=7,
    )
    today = clock.now().date()

    def transfer() -> None:
        booking = bookkeeper.Booking(
            budget_id=random.choice(budgets),  # noqa: S311 - no secret
            kind=JournalKind.CONTRIBUTION,
            source_id=uuid4(),
            effective_on=today,
            occurred_on=today,
            actor="benchmark/system",
            reason="Paid in.",
            entries=[entry],
        )
        with sessions.begin() as session:
            bookkeeper.book(session, booking)

    return transfer


MAKERS: Mapping[str, Callable[[str], Callable[[], object]]] = {
    "hordak": hordak_books.transfers,
    "bookkeeper": through_our_bookkeeper,
}


def per_second(maker: str, url: str, *, processes: int) -> float:
    """Return how many transfers so many processes make together in a second.

    Raises:
        RuntimeError: one of them did not get so far as to begin.
    """
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.transfers", maker]
    with ExitStack() as stack:
        running: list[tuple[subprocess.Popen[str], IO[str], IO[str]]] = []
        for _ in range(processes):
            process = subprocess.Popen(  # noqa: S603 - this module
                command,
                env=os.environ | {URL: url},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)  # before it is waited for, when another has failed
            if process.stdin and process.stdout:  # both, as they were asked for
                running.append((process, process.stdin, process.stdout))
        for _, _, told in running:
            if told.readline() != READY:
                raise RuntimeError(maker)  # it has said why
        for _, say, _ in running:
            say.write("go\n")
            say.flush()
        return sum(float(process.communicate()[0]) for process, _, _ in running)


def main(maker: str) -> None:
    transfer = MAKERS[maker](os.environ[URL])
    for _ in range(WARM_UP):
        transfer()
    print(READY, end="", flush=True)
    sys.stdin.readline()
    made = 0
    began_at = time.perf_counter()
    while time.perf_counter() < began_at + SECONDS:
        transfer()
        made += 1
    print(made / (time.perf_counter() - began_at))


if __name__ == "__main__":
    main(sys.argv[1])
