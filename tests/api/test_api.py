"""Everything that the API's description offers, asked 20,000 times, rightly and wrongly.

``COMMONPURSE_REQUESTS=2000`` asks less; ``COMMONPURSE_SEED=7`` asks as another time did, as far as
what was answered meanwhile allows.
"""

import os
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.api.answers import Tally
from tests.api.audits import due_by_route, not_written_down
from tests.api.playing import Share
from tests.api.served import served

pytestmark = pytest.mark.prove

REQUESTS = int(os.environ.get("COMMONPURSE_REQUESTS", "20000"))
SEED = int(os.environ.get("COMMONPURSE_SEED") or random.SystemRandom().randrange(10**9))
AT_ONCE = 2  # processes; what asks is as busy as what answers
LEAST_ANSWERED = 0.05  # of all requests: that more of them reach nothing says little


@pytest.fixture(scope="module")
def suite():
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def tally(suite):
    """Ask it all, half of it in each of two processes, and return what was found."""
    print(f"COMMONPURSE_SEED={SEED} COMMONPURSE_REQUESTS={REQUESTS}")  # noqa: T201 - shown with a failure
    shares = [
        Share(served=suite, seed=SEED, number=number, of=AT_ONCE, requests=REQUESTS // AT_ONCE)
        for number in range(AT_ONCE)
    ]
    found = Tally()
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as processes:
        for one in processes.map(Share.ask, shares):
            found.add(one)
    print("\n".join(f"{name}: {count}" for name, count in sorted(found.statuses.items())))  # noqa: T201 - likewise
    return found


def test_no_answer_is_a_fault_or_breaks_the_description(tally):
    said = "\n\n".join(f"{wrong}\n{shown}" for wrong, shown in sorted(tally.found.items()))

    assert not tally.found, f"COMMONPURSE_SEED={SEED}\n{said}"


def test_it_was_as_much_as_was_wanted_and_of_every_sort(tally):
    assert tally.asked >= REQUESTS - AT_ONCE
    assert len(tally.answered) >= LEAST_ANSWERED * REQUESTS
    sorts = {name.rpartition(" ")[0] for name in tally.statuses}
    assert sorts >= {
        f"{mode} {who}"
        for mode in ("positive", "negative")
        for who in ("somebody", "nobody", "liar")
    }


def test_whoever_was_answered_about_somebody_was_written_down(suite, tally):
    due = due_by_route()
    assert any(due.get(operation) for operation in tally.answered.values())

    assert list(not_written_down(tally.answered, suite.databases)) == []
