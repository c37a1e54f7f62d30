"""A hold follows what payments says, whatever order and however often it is said."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.budget.holds.subscribers import SpentWithoutHoldError
from shared.contracts.payments.authorisations import UnmatchedMoneyChanged
from shared.errors import NotKnownYetError
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    a_purchase,
    amounts_of,
    an_active_budget,
    buy,
    everything,
    left_of,
    paid_by,
    rows,
    spend,
    tell,
    told_about,
    totals,
)

# What a purchase of 8 p holds and costs, one version after the other: the odd pennies, a refund,
# and more than was asked for, up to twice what the whole budget of 10 p has.
amounts = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=5)


def overspent_of(transaction, purchase):
    overspent = rows(
        transaction,
        "SELECT kind, overspent_pence FROM hold_portions JOIN funders USING (funder_id)"
        " WHERE purchase_id = :purchase_id",
        purchase_id=purchase.purchase_id,
    )
    return {kind: pence for kind, pence in overspent if pence}


def deliver_all(transaction, events):
    """Deliver events as they come; what is not known yet waits and is tried again."""
    while events:
        waiting = []
        for event in events:
            try:
                tell(transaction, event)
            except NotKnownYetError:
                waiting.append(event)
        assert waiting != events
        events = waiting


def state_of(transaction, planned, purchase):
    return {
        "paid_by": paid_by(transaction, planned),
        "left": left_of(transaction, planned),
        "overspent": overspent_of(transaction, purchase),
        "shares": rows(
            transaction,
            "SELECT funder_id, spent_pence FROM agreement_shares"
            " JOIN agreements USING (agreement_id) WHERE budget_id = :budget_id"
            " ORDER BY funder_id",
            budget_id=planned.budget_id,
        ),
    }


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(amounts=amounts, delivered=st.data())
def test_any_order_and_any_repetition_end_in_the_same_state(transaction, amounts, delivered):
    planned, twin = (an_active_budget(transaction, first="nhs", joint=10) for _ in range(2))
    purchase, of_twin = a_purchase(planned, 8), a_purchase(twin, 8)
    said = [
        amounts_of(purchase, version=version, held_pence=held_pence, posted_pence=posted_pence)
        for version, (held_pence, posted_pence) in enumerate(amounts, start=1)
    ]
    repeated = delivered.draw(st.lists(st.sampled_from(said), max_size=3))
    deliver_all(
        transaction, delivered.draw(st.permutations([purchase, purchase, *said, *repeated]))
    )

    deliver_all(transaction, [of_twin])
    held_pence, posted_pence = amounts[-1]
    spend(transaction, of_twin, posted_pence, held_pence=held_pence)

    state = state_of(transaction, planned, purchase)
    assert state == state_of(transaction, twin, of_twin)
    assert sum(posted for _, posted in state["paid_by"].values()) == posted_pence
    assert totals(transaction)["ledger"]["balances_match_postings"] is True


def test_what_is_said_before_there_is_a_hold_waits_for_it(transaction):
    planned = an_active_budget(transaction, joint=10_00)
    purchase = a_purchase(planned, 8_00)
    spent = amounts_of(purchase, version=1, posted_pence=8_00)
    before = everything(transaction)

    with pytest.raises(NotKnownYetError):
        tell(transaction, spent)
    assert everything(transaction) == before

    tell(transaction, purchase)
    tell(transaction, spent)
    assert left_of(transaction, planned) == {"nhs": 1_00, "council": 1_00}


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ((5_00, 3_00), ("hold_captured", 5_00, 3_00)),
        ((0, 9_00), ("hold_captured", 0, 9_00)),
        ((2_00, 0), ("hold_released", 2_00, None)),
        ((0, 0), ("hold_released", 0, None)),
    ],
)
def test_what_became_of_a_hold_is_told(transaction, said, event):
    planned = an_active_budget(transaction, joint=10_00)
    purchase, _ = buy(transaction, planned, 8_00)
    held_pence, posted_pence = said

    spend(transaction, purchase, posted_pence, held_pence=held_pence)

    _, told = told_about(transaction, purchase)
    assert (told["type"], told["held_pence"], told.get("posted_pence")) == event
    assert told["available_pence"] == 10_00 - held_pence - posted_pence
    assert told["version"] == 2


def test_what_changes_nothing_is_not_told(transaction):
    planned = an_active_budget(transaction, joint=10_00)
    purchase, _ = buy(transaction, planned, 8_00)
    spend(transaction, purchase, 0, held_pence=8_00)
    before = everything(transaction, apart_from=("inbox",))

    tell(transaction, amounts_of(purchase, version=1, posted_pence=8_00))

    assert everything(transaction, apart_from=("inbox",)) == before
    assert [event["type"] for event in told_about(transaction, purchase)] == ["hold_placed"]


def test_what_the_card_network_took_beyond_what_is_there_is_overspent_and_a_refund_mends_it(
    transaction,
):
    planned = an_active_budget(transaction, nhs_share=6_000, joint=10_00)
    purchase, _ = buy(transaction, planned, 8_00)

    spend(transaction, purchase, 12_00)
    assert overspent_of(transaction, purchase) == {"nhs": 1_20, "council": 80}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert totals(transaction)["overspent_pence"] == 2_00

    spend(transaction, purchase, 11_00, version=2)
    assert overspent_of(transaction, purchase) == {"nhs": 60, "council": 40}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}

    spend(transaction, purchase, 5_00, version=3)
    assert overspent_of(transaction, purchase) == {}
    assert left_of(transaction, planned) == {"nhs": 3_00, "council": 2_00}
    assert totals(transaction)["overspent_pence"] == 0
    assert totals(transaction)["refunded_pence"] == 7_00


def test_an_overspend_takes_nothing_of_what_others_hold_nor_of_another_funders_money(transaction):
    planned = an_active_budget(transaction, nhs=10_00, joint=10_00)
    buy(transaction, planned, 4_00)
    purchase, _ = buy(transaction, planned, 6_00)

    spend(transaction, purchase, 9_00)

    assert overspent_of(transaction, purchase) == {"council": 1_50}
    assert left_of(transaction, planned) == {"nhs": 8_50, "council": 0}
    assert rows(transaction, "SELECT sum(held_pence) FROM balances") == [(4_00,)]


def test_a_purchase_that_is_to_hold_more_than_there_is_holds_what_there_is(transaction):
    """What was spent is booked all the same, and nothing waits for money that is not there."""
    planned = an_active_budget(transaction, joint=10_00)
    buy(transaction, planned, 4_00)
    purchase, _ = buy(transaction, planned, 2_00)

    spend(transaction, purchase, 3_00, held_pence=8_00)

    told = told_about(transaction, purchase)[-1]
    assert (told["posted_pence"], told["held_pence"], told["available_pence"]) == (3_00, 3_00, 0)
    assert overspent_of(transaction, purchase) == {}


def test_a_penny_spent_and_a_penny_held_come_from_the_two_funders_that_gave_one_each(transaction):
    planned = an_active_budget(transaction, joint=2)
    purchase, _ = buy(transaction, planned, 2)

    spend(transaction, purchase, 1, held_pence=1)
    assert overspent_of(transaction, purchase) == {}
    assert sorted(paid_by(transaction, planned).values()) == [(0, 1), (1, 0)]

    spend(transaction, purchase, 2, version=2)
    assert overspent_of(transaction, purchase) == {}
    assert paid_by(transaction, planned) == {"nhs": (0, 1), "council": (0, 1)}


@pytest.mark.parametrize("moved", [{"posted_pence": 1}, {"unmatched_pence": 1}])
def test_money_moved_on_a_purchase_that_got_no_hold_is_a_fault_and_not_forgotten(
    transaction, moved
):
    planned = an_active_budget(transaction, joint=10_00)
    purchase, _ = buy(transaction, planned, 20_00)
    before = everything(transaction)

    with pytest.raises(SpentWithoutHoldError):
        tell(transaction, amounts_of(purchase, version=1, **moved))

    assert everything(transaction) == before


def test_small_captures_below_what_was_held_let_no_funder_drift(transaction):
    planned = an_active_budget(transaction, joint=10_00)
    for _ in range(10):
        purchase, _ = buy(transaction, planned, 2)
        spend(transaction, purchase, 1)

    paid = paid_by(transaction, planned)
    assert paid["nhs"][1] + paid["council"][1] == 10
    assert paid["nhs"][1] in {4, 5, 6}


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    nhs_share=st.integers(1, 9_999),
    captured=st.integers(1, 12_00),
    refunds=st.lists(st.integers(0, 12_00), max_size=4),
)
def test_refunds_return_to_the_funders_in_the_original_proportion_to_the_penny(
    transaction, nhs_share, captured, refunds
):
    """The money adds up after every step: what came in is free, held, spent or overspent."""
    planned = an_active_budget(transaction, nhs_share=nhs_share, joint=10_00)
    purchase, _ = buy(transaction, planned, 8_00)
    asked = {kind: held for kind, (held, _) in paid_by(transaction, planned).items()}
    left = captured
    for version, refund in enumerate([0, *refunds, captured], start=1):
        left = max(0, left - refund)
        spend(transaction, purchase, left, version=version)

        spent = {kind: pence for kind, (_, pence) in paid_by(transaction, planned).items()}
        assert sum(spent.values()) == left
        for kind, pence in spent.items():
            assert abs(pence * 8_00 - left * asked[kind]) < 8_00  # within a penny of its portion
        free = sum(left_of(transaction, planned).values())
        assert free + left - sum(overspent_of(transaction, purchase).values()) == 10_00
    assert left == 0


def test_what_came_back_for_nothing_stands_apart_until_it_is_placed(transaction):
    planned = an_active_budget(transaction, joint=10_00)
    purchase, _ = buy(transaction, planned, 8_00)
    said = amounts_of(purchase, version=1, posted_pence=8_00)

    tell(transaction, replace(said, unmatched_pence=3_00))
    assert left_of(transaction, planned) == {"nhs": 1_00, "council": 1_00}

    tell(transaction, amounts_of(purchase, version=2, posted_pence=5_00))
    assert left_of(transaction, planned) == {"nhs": 2_50, "council": 2_50}


CARD_ID = UUID("0d6c4b0e-8a55-4d59-a3c0-6f2f6d1b7a10")


def unmatched(version, taken_pence, returned_pence):
    return UnmatchedMoneyChanged(
        occurred_at=TUESDAY_AT_TEN,
        card_id=CARD_ID,
        version=version,
        taken_pence=taken_pence,
        returned_pence=returned_pence,
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_money_on_a_card_of_nobody_stands_as_it_was_told_last(transaction, order):
    said = [unmatched(1, 20_00, 0), unmatched(2, 20_00, 5_00), unmatched(3, 0, 5_00)]

    for place in (*order, order[0]):
        tell(transaction, said[place])

    assert totals(transaction)["unmatched_card_pence"] == {"taken": 0, "returned": 5_00}
