"""Whatever is asked of a budget in whatever order: the books are what a model in Python says."""

import os
from itertools import count
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.budget.budgets import COUNCIL, NHS, POOL
from tests.integration.budget.machine.budget import Budget
from tests.integration.budget.model.year_ends import ModelLeftover
from tests.integration.budget.pools import ANOTHER_NHS

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


AGREED = {
    "costs": [300, 200],
    "shares": {NHS: 3, COUNCIL: 2, ANOTHER_NHS: 2},
    "is_disputed": False,
    "host": COUNCIL,
    "weekly_pence": 20,
    "ways": ["receive", "receive", "commit"],
}
# Steps that chance takes in this order once in thousands of examples.
BOUGHT = [
    ("something_is_bought", {"amount": 101, "which": 0, "is_paid": True}),
    ("something_is_bought", {"amount": 57, "which": 1, "is_paid": False}),
]
A_CRISIS = [
    ("a_reserve_is_promised", {"parts": {NHS: 3, COUNCIL: 2, ANOTHER_NHS: 0}}),
    ("a_crisis_begins", {"cap": 50}),
]
UNALLOCATED = [
    (
        "an_allocation_is_scheduled",
        {"which": 0, "amount": 7, "kinds": ("week", "carry", None), "in_days": 0, "weeks": 9},
    ),
]
OVERSPENT = [
    ("the_card_network_says", {"which": 0, "held": 0, "posted": 483, "unmatched": 0, "step": 1})
]
ENDED = [("the_budget_ends", {"days": 0, "reason": "died"})]
WENT_BACK = [("what_is_left_at_the_end_goes_back", {})]
SHARED = [
    (
        "a_years_risk_is_shared",
        {
            "kind": "capped",
            "weights": {NHS: 5, COUNCIL: 1, ANOTHER_NHS: 1},
            "mosts": [9, 40, 3],
            "is_signed": True,
            "is_over": True,
            "is_repeated": False,
            "which": 0,
            "dearer": 0,
        },
    ),
]
YEAR_OVER = [
    (
        "a_year_ends",
        {
            "of_each": [
                ModelLeftover("share", 4),
                ModelLeftover("share", 3),
                ModelLeftover("lapse"),
            ],
            "partners": 3,
            "is_repeated": False,
        },
    ),
]
PAID_LATE = [
    (
        "direct_payments_are_scheduled",
        {"which": 0, "amount": 41, "recurrence": "month", "weeks": 4, "is_new": True},
    ),
    ("the_bank_could_not_make_a_payment", {"which": 0}),
    *OVERSPENT,
    ("the_bank_made_a_payment_that_had_failed", {"which": 0}),
    ("the_bank_could_not_make_a_payment", {"which": 0}),
    ("the_bank_made_a_payment_that_had_failed", {"which": 0}),
]
STORIES = {
    "it ends, and all goes back": [*BOUGHT, *A_CRISIS, *UNALLOCATED, *ENDED, *WENT_BACK],
    "the year ends": [*BOUGHT, *UNALLOCATED, *YEAR_OVER, *ENDED, *WENT_BACK],
    "what was overspent is shared": [*BOUGHT, *OVERSPENT, *SHARED, *YEAR_OVER],
    "a payment is made after it failed": [*BOUGHT, *PAID_LATE, *ENDED, *SHARED],
    "what is left at the end is shared": [*BOUGHT, *ENDED, *SHARED, *WENT_BACK],
}


@pytest.mark.parametrize("story", STORIES)
def test_the_books_are_what_the_model_says_when_something_ends(machine, story):
    told = machine()
    told.a_budget_is_agreed(**AGREED)
    for step, how in STORIES[story]:
        getattr(told, step)(**how)
        told.no_cheap_rule_is_broken()
        told.the_books_are_what_the_model_says()
        told.calls_and_portions_are_what_the_model_says()
    told.teardown()


@pytest.mark.prove
def test_the_books_are_what_the_model_says_at_length(machine):
    run_state_machine_as_test(machine, settings=AT_LENGTH)
