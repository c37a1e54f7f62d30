"""A broker's purchase, as README.md shows it, with the whole suite at work."""

import json
import sys
from functools import partial

import pytest

from benchmarks import purchases, signing_in
from deploy.local.stack import Stack
from shared import clock
from tests import readme
from tests.readme import shown

LESSONS_PENCE = 35_00  # as the examples say


@pytest.fixture(scope="module")
def stack():
    stack = Stack.named("test-readme")
    stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
    yield stack
    stack.stop(politely=False)


@pytest.mark.prove
def test_a_broker_who_signs_in_buys_by_both_examples_once_by_one_key(stack):
    (buyer,) = purchases.fund_people(stack, 1, occurrences=2, unit_cost_pence=LESSONS_PENCE)
    environment = stack.environment()
    run = partial(
        readme.run,
        GATEWAY=environment["DEMO_GATEWAY_URL"],
        TOKEN=signing_in.token_of(environment, "aldermoor", "broker"),
        KEY="lessons-of-november",
        BUDGET_ID=buyer.budget_id,
        ITEM_ID=buyer.item_id,
    )

    by_curl = json.loads(run("bash", "-c", shown("sh")))
    by_client = run(sys.executable, "-c", shown("python"))

    assert by_curl["state"] == "ready"  # the ledger holds the money, and there is a card
    assert by_client.split() == [by_curl["purchase_id"], "ready"]
