import itertools
from pathlib import Path

import pytest

from services.payments.purchases.states import (
    POSSIBLE,
    Approval,
    Ending,
    Facts,
    NotPossibleNowError,
    PurchaseState,
    Step,
    is_possible,
    see_that_it_is_possible,
    state_of,
)

PAGE = Path("docs/architecture/purchases.md")
PAID = {"captured_pence": 35_00, "posted_pence": 35_00}
BOOKED = {**PAID, "ledger_posted_pence": 35_00}
REFUNDED_IN_PART = {"captured_pence": 35_00, "posted_pence": 30_00}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, PurchaseState.REQUESTED),
        ({"held_pence": 35_00}, PurchaseState.REQUESTED),
        ({"approval": Approval.WANTED, "held_pence": 35_00}, PurchaseState.AWAITING_APPROVAL),
        ({"approval": Approval.RETURNED}, PurchaseState.RETURNED),
        ({"approval": Approval.GIVEN}, PurchaseState.REQUESTED),
        ({"is_open": True, "held_pence": 35_00}, PurchaseState.READY),
        (
            {"is_open": True, "held_pence": 35_00, "promised_pence": 20_00},
            PurchaseState.AUTHORISED,
        ),
        ({**PAID, "held_pence": 5_00}, PurchaseState.PART_FULFILLED),
        ({**BOOKED, "held_pence": 5_00}, PurchaseState.PART_FULFILLED),
        (PAID, PurchaseState.AUTHORISED),
        (BOOKED, PurchaseState.COMPLETED),
        ({**BOOKED, "is_evidenced": True}, PurchaseState.EVIDENCED),
        ({**BOOKED, "is_reconciled": True}, PurchaseState.COMPLETED),
        ({**BOOKED, "is_evidenced": True, "is_reconciled": True}, PurchaseState.RECONCILED),
        (
            {**BOOKED, "is_evidenced": True, "is_reconciled": True, "is_closed": True},
            PurchaseState.CLOSED,
        ),
        ({**BOOKED, "is_disputed": True}, PurchaseState.DISPUTED),
        ({**REFUNDED_IN_PART, "ledger_posted_pence": 30_00}, PurchaseState.PART_REFUNDED),
        ({"captured_pence": 35_00}, PurchaseState.REFUNDED),
        ({"ending": Ending.LAPSED}, PurchaseState.LAPSED),
        ({"ending": Ending.REJECTED, "approval": Approval.WANTED}, PurchaseState.REJECTED),
        ({"ending": Ending.CANCELLED, "promised_pence": 1, "held_pence": 1}, "cancelled"),
        ({"ending": Ending.CANCELLED, **PAID}, PurchaseState.CANCELLED),
        ({"ending": Ending.CANCELLED, **BOOKED}, PurchaseState.COMPLETED),
    ],
)
def test_where_a_purchase_stands_follows_from_its_facts(facts, state):
    assert state_of(Facts(**facts)) == state


def test_a_refund_or_a_late_capture_changes_what_is_completed_only_when_it_is_booked():
    refund = {**REFUNDED_IN_PART, "was_completed": True}
    assert state_of(Facts(**refund, ledger_posted_pence=35_00)) is PurchaseState.COMPLETED
    assert state_of(Facts(**refund, ledger_posted_pence=30_00)) is PurchaseState.PART_REFUNDED
    more = {"captured_pence": 70_00, "posted_pence": 70_00, "was_completed": True}
    assert state_of(Facts(**more, ledger_posted_pence=35_00)) is PurchaseState.COMPLETED


@pytest.mark.parametrize(("step", "state"), itertools.product(Step, PurchaseState))
def test_each_step_is_possible_in_the_states_of_the_table_and_refused_in_every_other(step, state):
    if state in POSSIBLE[step]:
        see_that_it_is_possible(step, state)
    else:
        with pytest.raises(NotPossibleNowError) as refused:
            see_that_it_is_possible(step, state)
        assert refused.value.details == {"step": step, "state": state}


def test_the_page_about_purchases_shows_the_same_table():
    rows = [line.strip().strip("|").split("|") for line in PAGE.read_text().splitlines()]
    table = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows if len(row) > 5}
    head = table["state"]

    assert head == [step.value for step in Step]
    shown = {
        (step, state): table[f"`{state}`"][head.index(step)] == "yes"
        for step, state in itertools.product(Step, PurchaseState)
    }
    assert shown == {pair: is_possible(*pair) for pair in shown}
