"""Whoever waits for the outcome of a command asks often at first, and then ever less often."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import uuid4

import pytest

from services.gateway.app import app_on
from services.gateway.calling import FIRST_LOOK_SECONDS, pause_seconds
from services.gateway.door import MOST_WAITING
from services.gateway.visitors import Visitor

PATIENCE_SECONDS = 30
BROKER = Visitor(
    client="broker-1",
    actor_id=str(uuid4()),
    roles=("broker",),
    organisation="voluntary-broker",
    purpose="direct_care",
)
PURCHASE = {"state": "ready", "payee": "A shop"}


class Slow:
    """Services in which nothing comes to rest before a test says so."""

    def __init__(self):
        self.all_wait, self.is_over = Barrier(MOST_WAITING + 1), Event()

    def tell(self, *_asked, **_more):
        return {"state": "requested"}

    def ask_until(self, *_asked, **_more):
        self.all_wait.wait(PATIENCE_SECONDS)
        assert self.is_over.wait(PATIENCE_SECONDS)
        return PURCHASE


def looks_within(seconds):
    """Return after how many seconds somebody looks who waits in vain."""
    waited, looks = 0.0, []
    while waited < seconds:
        waited += pause_seconds(waited)
        looks.append(waited)
    return looks


def test_a_wait_of_half_a_minute_asks_a_few_times_and_not_a_thousand():
    assert len(looks_within(30)) <= 35


def test_nobody_looks_before_anything_can_have_happened():
    assert looks_within(1)[0] == FIRST_LOOK_SECONDS


@pytest.mark.parametrize("settled_after", [0.05, 0.1, 0.25, 1, 10])
def test_an_outcome_is_seen_a_quarter_of_the_time_late_at_most(settled_after):
    seen_after = next(at for at in looks_within(60) if at >= settled_after)

    assert seen_after - settled_after <= max(0.04, settled_after / 4)


def test_whoever_comes_when_many_wait_already_is_answered_at_once():
    slow = Slow()
    app = app_on(slow, who_asks=lambda: BROKER)

    def buy(_=None):
        headers = {"Prefer": "wait=30", "Idempotency-Key": str(uuid4())}
        told = {"budget_id": str(uuid4()), "item_id": str(uuid4()), "amount_pence": 1}
        body = told | {"instruction": "Please"}
        return app.test_client().post("/v1/purchases", json=body, headers=headers).status_code

    with ThreadPoolExecutor(MOST_WAITING) as threads:
        waiting = [threads.submit(buy) for _ in range(MOST_WAITING)]
        slow.all_wait.wait(PATIENCE_SECONDS)

        assert buy() == 202

        slow.is_over.set()
        assert [one.result() for one in waiting] == [200] * MOST_WAITING
