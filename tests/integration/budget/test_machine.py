"""Whatever is asked of a budget in whatever order: the books are what a model in Python says."""

import os
from itertools import count
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.budget import Budget

SAMPLE = settings(
    max_examples=6,
    stateful_step_count=25,
    derandomize=True,  # the same in every run
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
ASKED = os.environ.get("COMMONPURSE_FUZZ_EXAMPLES")  # by make fuzz, which is never the same
AT_LENGTH = settings(
    max_examples=int(ASKED or "300"),
    stateful_step_count=60,
    derandomize=ASKED is None,
    deadline=None,
    print_blob=ASKED is not None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def machine(emptied, owners, monkeypatch):
    """Make machines, each on an empty database.

    What is due on one day is paid in the order of ids: those of contributions are the same each
    time, too.
    """

    def a_machine():
        numbers = count()
        name_the_next = "services.budget.funding.calls.uuid4"
        monkeypatch.setattr(name_the_next, lambda: uuid5(POOL, f"contribution {next(numbers)}"))
        machine = type("OnItsDatabase", (Budget,), {})
        machine.transaction = staticmethod(emptied("budget"))
        machine.owner = owners("budget")
        return machine()

    yield a_machine
    emptied("budget")


def test_the_books_are_what_the_model_says(machine):
    run_state_machine_as_test(machine, settings=SAMPLE)


@pytest.mark.prove
def test_the_books_are_what_the_model_says_at_length(machine):
    run_state_machine_as_test(machine, settings=AT_LENGTH)
