"""What a shop may take beyond the amount is held only where nothing else needs the money."""

import pytest

from tests.integration.budget.budgets import (
    a_purchase,
    an_active_budget,
    buy,
    tell,
    told_about,
)


def held(transaction, planned, amount_pence, tolerance_pence, *, payer="joint"):
    purchase = a_purchase(planned, amount_pence, payer=payer, tolerance_pence=tolerance_pence)
    tell(transaction, purchase)
    tell(transaction, purchase)  # a repeat is the same hold
    (answer,) = told_about(transaction, purchase)
    assert answer["type"] == "hold_placed"
    return answer["held_pence"]


def test_the_hold_has_the_tolerance_while_its_item_commits_as_much(transaction):
    planned = an_active_budget(transaction, joint=100_00)

    assert held(transaction, planned, 60_00, 6_00) == 66_00


@pytest.mark.parametrize(("amount_pence", "held_pence"), [(97_00, 100_00), (100_00, 100_00)])
def test_of_the_tolerance_only_what_the_item_has_left_is_held(
    transaction, amount_pence, held_pence
):
    planned = an_active_budget(transaction, joint=100_00, nhs=50_00)

    assert held(transaction, planned, amount_pence, 10_00) == held_pence


def test_what_other_items_are_to_have_is_not_held_as_tolerance(transaction):
    planned = an_active_budget(transaction, joint=100_00, nhs=50_00)
    held(transaction, planned, 100_00, 10_00)

    assert held(transaction, planned, 50_00, 10_00, payer="nhs") == 50_00


def test_no_purchase_is_refused_for_its_tolerance(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    buy(transaction, planned, 40_00)

    assert held(transaction, planned, 60_00, 60_00) == 60_00
