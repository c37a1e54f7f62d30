"""Money set aside for a purchase, or refused with a reason."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.errors import IdReusedError, NotKnownYetError
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    Planned,
    a_planned_budget,
    a_purchase,
    agree,
    amounts_of,
    an_active_budget,
    buy,
    called_by,
    everything,
    left_of,
    paid_by,
    pay_in,
    rows,
    spend,
    tell,
    told_about,
)
from tests.integration.budget.pools import shares_of

ANSWERED = ("inbox", "outbox", "refused_holds")


@pytest.fixture
def active(transaction):
    return an_active_budget(transaction, nhs=100_00, joint=100_00)


def test_money_that_is_set_aside_is_told_with_what_is_left_and_until_when(transaction, active):
    purchase, _ = buy(transaction, active, 30_00)

    (placed,) = told_about(transaction, purchase)
    assert placed["held_pence"] == 30_00
    assert placed["available_pence"] == 170_00
    assert placed["version"] == 1
    assert placed["expires_at"] == (TUESDAY_AT_TEN + timedelta(days=30)).isoformat()
    assert left_of(transaction, active) == {"nhs": 135_00, "council": 35_00}


def test_a_purchase_that_is_asked_for_twice_sets_money_aside_once(transaction, active):
    purchase, _ = buy(transaction, active, 30_00)
    before = everything(transaction, apart_from=("inbox",))

    again = a_purchase(active, 30_00, purchase_id=purchase.purchase_id)
    assert tell(transaction, purchase) == "duplicate"
    assert tell(transaction, again) == "processed"

    assert everything(transaction, apart_from=("inbox",)) == before


@pytest.mark.parametrize(
    ("payer", "amount_pence", "code"),
    [
        ("council", 50_02, "insufficient_funds"),
        ("nhs", 150_01, "insufficient_funds"),
        ("joint", 100_04, "insufficient_funds"),
        ("joint", 10**30, "insufficient_funds"),
        ("joint", 0, "amount_not_positive"),
        ("joint", -1, "amount_not_positive"),
    ],
)
def test_a_hold_is_refused_with_a_reason_and_nothing_else_changes(
    transaction, payer, amount_pence, code
):
    active = an_active_budget(transaction, nhs=100_00, council=1, joint=99_99)
    before = everything(transaction, apart_from=ANSWERED)

    purchase, answer = buy(transaction, active, amount_pence, payer=payer)

    (refused,) = told_about(transaction, purchase)
    assert (answer, refused["code"]) == ("hold_refused", code)
    assert refused["reason"].endswith(".")
    assert refused["next_step"].endswith(".")
    assert everything(transaction, apart_from=ANSWERED) == before
    assert rows(transaction, "SELECT purchase_id, code FROM refused_holds") == [
        (purchase.purchase_id, code)
    ]


def test_a_thing_that_the_plan_does_not_name_is_not_bought(transaction, active):
    another = an_active_budget(transaction, joint=100_00)
    for item_id in (uuid4(), another.item_ids["joint"]):
        purchase = a_purchase(active, 1_00, item_id=item_id)
        before = everything(transaction, apart_from=ANSWERED)
        tell(transaction, purchase)

        assert told_about(transaction, purchase)[0]["code"] == "item_not_in_plan"
        assert everything(transaction, apart_from=ANSWERED) == before


@pytest.mark.parametrize("is_agreed", [False, True])
def test_a_budget_that_is_not_paid_in_is_not_spent(transaction, is_agreed):
    planned = a_planned_budget(transaction, joint=100_00)
    if is_agreed:
        agree(transaction, planned)
    before = everything(transaction, apart_from=ANSWERED)

    purchase, _ = buy(transaction, planned, 1_00)

    assert told_about(transaction, purchase)[0]["code"] == "budget_not_active"
    assert everything(transaction, apart_from=ANSWERED) == before


def test_a_purchase_that_was_refused_stays_refused(transaction, active):
    purchase, _ = buy(transaction, active, 200_00)
    before = everything(transaction, apart_from=("inbox",))

    tell(transaction, a_purchase(active, 1_00, purchase_id=purchase.purchase_id))
    tell(transaction, amounts_of(purchase, version=1))

    assert everything(transaction, apart_from=("inbox",)) == before


def test_a_purchase_for_a_budget_that_has_not_arrived_waits(transaction):
    planned = Planned(budget_id=uuid4(), item_ids={"joint": uuid4()})
    before = everything(transaction)

    with pytest.raises(NotKnownYetError):
        tell(transaction, a_purchase(planned, 1_00))

    assert everything(transaction) == before


@pytest.mark.parametrize("changes", [{"amount_pence": 2_00}, {"item_id": uuid4()}])
def test_a_purchases_id_that_comes_back_with_something_else_does_not_end_its_hold(
    transaction, active, changes
):
    """It is a fault, not a refusal: what is spent under the hold must still find it."""
    purchase, _ = buy(transaction, active, 1_00)
    request = {"amount_pence": 1_00, "purchase_id": purchase.purchase_id} | changes
    before = everything(transaction)

    with pytest.raises(IdReusedError):
        tell(transaction, a_purchase(active, **request))

    assert everything(transaction) == before
    spend(transaction, purchase, 1_00)
    assert paid_by(transaction, active) == {"nhs": (0, 50), "council": (0, 50)}


def test_funders_pay_in_their_order_and_together_no_more_than_their_caps(transaction):
    """The council's cap is above what it was called for: the NHS pays 40 first, and no more."""
    planned = a_planned_budget(transaction, joint=100_00)
    shares = [
        *shares_of({COUNCIL: 5_000}, priority=2, cap_pence=70_00),
        *shares_of({NHS: 5_000}, priority=1, cap_pence=40_00),
    ]
    for call in called_by(agree(transaction, planned, shares=shares)).values():
        pay_in(transaction, planned, call)

    first, _ = buy(transaction, planned, 30_00)
    assert paid_by(transaction, planned) == {"nhs": (30_00, 0), "council": (0, 0)}
    buy(transaction, planned, 30_00)
    assert paid_by(transaction, planned) == {"nhs": (40_00, 0), "council": (20_00, 0)}

    for amount_pence, code in ((50_01, "cap_exceeded"), (50_00, "insufficient_funds")):
        before = everything(transaction, apart_from=ANSWERED)
        refused, _ = buy(transaction, planned, amount_pence)
        assert told_about(transaction, refused)[0]["code"] == code
        assert everything(transaction, apart_from=ANSWERED) == before

    spend(transaction, first, 0)
    buy(transaction, planned, 70_00)
    assert paid_by(transaction, planned) == {"nhs": (40_00, 0), "council": (60_00, 0)}


def test_each_funders_own_items_are_its_own_cost(transaction, active):
    purchase, _ = buy(transaction, active, 40_00, payer="nhs")
    spend(transaction, purchase, 40_00)

    assert paid_by(transaction, active, payer="nhs") == {"nhs": (0, 40_00)}
    assert left_of(transaction, active) == {"nhs": 110_00, "council": 50_00}


@pytest.mark.parametrize(
    "order",
    [("joint", "nhs", "council"), ("council", "joint", "nhs"), ("nhs", "council", "joint")],
)
def test_a_plan_can_be_spent_to_its_last_penny_in_any_order_of_its_items(transaction, order):
    """Joint items in odd pennies, each costing a little less than was held for it."""
    whole = {"joint": 10_01, "nhs": 3_33, "council": 3_34}
    active = an_active_budget(transaction, **whole)

    left = dict(whole)
    for _ in range(5):
        for payer in order:
            amount_pence = min(2_00, left[payer])
            purchase, _ = buy(transaction, active, amount_pence, payer=payer)
            spend(transaction, purchase, amount_pence - 1)
            left[payer] -= amount_pence - 1
            if left[payer] == 1:
                break
    for payer in order:
        purchase, answer = buy(transaction, active, left[payer], payer=payer)
        assert answer == "hold_placed"
        spend(transaction, purchase, left[payer])

    assert left_of(transaction, active) == {"nhs": 0, "council": 0}
    paid = paid_by(transaction, active, payer="joint")
    assert sorted(paid.values()) == [(0, 5_00), (0, 5_01)]  # whose penny it is, the id decides
