"""What each funder has of a hold, and how spending on it is paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.agreements.rules import Funding
from services.budget.holds.rules import capture, portions_at, portions_to_hold

FUNDINGS = [
    Funding(funder_id="nhs", agreed_pence=60, spent_pence=0),
    Funding(funder_id="council", agreed_pence=40, spent_pence=0),
]
pence = st.integers(0, 100_000)
asked = st.fixed_dictionaries({"nhs": pence, "council": pence}).filter(lambda a: any(a.values()))
of_any_number = st.dictionaries(st.sampled_from("abcde"), pence, min_size=1).filter(
    lambda asked_pence: any(asked_pence.values())
)


@pytest.mark.parametrize(
    ("payer", "portions"),
    [
        ("joint", {"nhs": 30, "council": 20}),
        ("nhs", {"nhs": 50}),
        ("council", {"council": 50}),
    ],
)
def test_a_joint_item_is_shared_and_any_other_is_its_payers_alone(payer, portions):
    assert portions_to_hold(amount_pence=50, payer=payer, fundings=FUNDINGS) == portions


@given(asked_pence=of_any_number, held_pence=pence, posted_pence=pence)
def test_the_portions_add_up_to_what_is_held_and_to_what_was_spent(
    asked_pence, held_pence, posted_pence
):
    portions = portions_at(
        held_pence=held_pence, posted_pence=posted_pence, asked_pence=asked_pence
    ).values()

    assert sum(portion.held_pence for portion in portions) == held_pence
    assert sum(portion.posted_pence for portion in portions) == posted_pence
    assert min(portion.held_pence for portion in portions) >= 0
    assert min(portion.posted_pence for portion in portions) >= 0


@given(asked_pence=of_any_number)
def test_a_hold_that_nothing_became_of_yet_has_the_portions_it_was_placed_with(asked_pence):
    portions = portions_at(
        held_pence=sum(asked_pence.values()), posted_pence=0, asked_pence=asked_pence
    )

    held = {funder_id: portion.held_pence for funder_id, portion in portions.items()}
    assert held == asked_pence


@given(asked_pence=of_any_number, spent=st.data())
def test_no_funder_gives_more_than_its_portion_while_a_purchase_keeps_to_what_was_asked(
    asked_pence, spent
):
    posted_pence = spent.draw(st.integers(0, sum(asked_pence.values())))
    held_pence = spent.draw(st.integers(0, sum(asked_pence.values()) - posted_pence))

    portions = portions_at(
        held_pence=held_pence, posted_pence=posted_pence, asked_pence=asked_pence
    )

    for funder_id, portion in portions.items():
        assert portion.held_pence + portion.posted_pence <= asked_pence[funder_id]


@given(asked_pence=asked, more=st.tuples(pence, pence))
def test_of_two_funders_none_gets_money_back_when_more_is_spent(asked_pence, more):
    less, much = sorted(more)

    before = portions_at(held_pence=0, posted_pence=less, asked_pence=asked_pence)
    after = portions_at(held_pence=0, posted_pence=much, asked_pence=asked_pence)

    for funder_id in asked_pence:
        assert before[funder_id].posted_pence <= after[funder_id].posted_pence


steps = st.lists(st.integers(0, 1_000), min_size=1, max_size=10)


@given(posted=steps, there_pence=st.integers(0, 500))
def test_what_is_overspent_is_what_was_spent_beyond_what_was_there(posted, there_pence):
    """Whatever the steps up and down: a refund mends first what had been overspent."""
    spent, overspent, paid = 0, 0, 0
    for posted_pence in posted:
        step = capture(
            step_pence=posted_pence - spent,
            in_reach_pence=there_pence - paid,
            overspent_pence=overspent,
        )
        assert step.from_available_pence + step.overspent_pence == posted_pence - spent
        spent = posted_pence
        overspent += step.overspent_pence
        paid += step.from_available_pence

        assert overspent == max(0, spent - there_pence)
        assert paid == min(spent, there_pence)


def test_money_that_is_owed_elsewhere_is_not_in_reach():
    step = capture(step_pence=10, in_reach_pence=-5, overspent_pence=0)

    assert (step.from_available_pence, step.overspent_pence) == (0, 10)
