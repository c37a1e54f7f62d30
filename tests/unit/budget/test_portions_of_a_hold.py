"""What each funder has of a hold, and how spending on it is paid."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import InsufficientFundsError, KeptPortion
from services.budget.holds.rules import (
    BudgetNotActiveError,
    CommitmentExceededError,
    Part,
    Wanted,
    capture,
    moved,
    room_within_commitments,
    see_that_commitments_are_kept,
    see_that_they_are_there,
    wanted_at,
)

NHS, COUNCIL = UUID(int=1), UUID(int=2)
pence = st.integers(0, 100_000)
asked = st.fixed_dictionaries({NHS: pence, COUNCIL: pence}).filter(lambda a: any(a.values()))
of_any_number = st.dictionaries(
    st.sampled_from([UUID(int=place) for place in range(5)]), pence, min_size=1
).filter(lambda asked_pence: any(asked_pence.values()))


def a_part(funder_id, free_pence, *, is_in=True):
    return Part(
        funder_id=funder_id, code="X", free_pence=free_pence, is_in=is_in, is_advanced=False
    )


def parts(**free_pence):
    ids = {"nhs": NHS, "council": COUNCIL}
    return {ids[name]: a_part(ids[name], pence) for name, pence in free_pence.items()}


# Whether they are there


def test_portions_that_are_there_to_the_penny_can_be_held():
    see_that_they_are_there({NHS: 60, COUNCIL: 40}, parts(nhs=60, council=40))


def test_nobody_pays_with_anothers_money():
    with pytest.raises(InsufficientFundsError) as refused:
        see_that_they_are_there({NHS: 61, COUNCIL: 39}, parts(nhs=60, council=1_000))

    assert refused.value.details == {"requested_pence": 61, "available_pence": 60}


@pytest.mark.parametrize("those", [{}, {NHS: a_part(NHS, 100, is_in=False)}])
def test_a_funder_without_a_book_or_that_has_not_paid_in_pays_for_nothing(those):
    with pytest.raises(BudgetNotActiveError):
        see_that_they_are_there({NHS: 1}, those)


@pytest.mark.parametrize("those", [{}, {NHS: a_part(NHS, 0, is_in=False)}])
def test_who_pays_nothing_of_a_purchase_does_not_keep_it_waiting(those):
    see_that_they_are_there({NHS: 0, COUNCIL: 5}, parts(council=5) | those)


# What the plan commits


@given(amount_pence=st.integers(1, 300), item_left=st.integers(-100, 100), others=pence, free=pence)
def test_a_purchase_draws_on_its_item_and_then_on_what_is_committed_to_nothing(
    amount_pence, item_left, others, free
):
    """Either its item commits as much, or all other items keep what they commit."""
    room_pence = room_within_commitments(
        item_left_pence=item_left, other_committed_pence=others, free_pence=free
    )

    def is_kept():
        try:
            see_that_commitments_are_kept(amount_pence=amount_pence, room_pence=room_pence)
        except CommitmentExceededError:
            return False
        return True

    assert is_kept() is (amount_pence <= max(0, item_left) or free - amount_pence >= others)


def test_what_others_are_to_have_is_refused_with_how_far_it_could_go():
    with pytest.raises(CommitmentExceededError) as refused:
        see_that_commitments_are_kept(amount_pence=61, room_pence=60)

    assert refused.value.code == "commitment_exceeded"
    assert refused.value.details == {"amount_pence": 61, "within_commitments_pence": 60}


# Portions


@given(asked_pence=of_any_number, held_pence=pence, posted_pence=pence)
def test_the_portions_add_up_to_what_is_held_and_to_what_was_spent(
    asked_pence, held_pence, posted_pence
):
    portions = wanted_at(
        held_pence=held_pence, posted_pence=posted_pence, asked_pence=asked_pence
    ).values()

    assert sum(portion.held_pence for portion in portions) == held_pence
    assert sum(portion.posted_pence for portion in portions) == posted_pence
    assert min(portion.held_pence for portion in portions) >= 0
    assert min(portion.posted_pence for portion in portions) >= 0


@given(asked_pence=of_any_number)
def test_a_hold_that_nothing_became_of_yet_has_the_portions_it_was_placed_with(asked_pence):
    portions = wanted_at(
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

    portions = wanted_at(held_pence=held_pence, posted_pence=posted_pence, asked_pence=asked_pence)

    for funder_id, portion in portions.items():
        assert portion.held_pence + portion.posted_pence <= asked_pence[funder_id]


@given(asked_pence=asked, more=st.tuples(pence, pence))
def test_of_two_funders_none_gets_money_back_when_more_is_spent(asked_pence, more):
    less, much = sorted(more)

    before = wanted_at(held_pence=0, posted_pence=less, asked_pence=asked_pence)
    after = wanted_at(held_pence=0, posted_pence=much, asked_pence=asked_pence)

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


# Moving a portion


def a_portion(**amounts):
    nothing = dict.fromkeys(
        ("asked_pence", "held_pence", "posted_pence", "overspent_pence", "advanced_pence"), 0
    )
    return KeptPortion(funder_id=NHS, **(nothing | amounts))


@pytest.mark.parametrize(
    ("portion", "wanted", "free_pence", "came_to", "step"),
    [
        ({"held_pence": 8}, (0, 6), 2, (0, 6, 0), (6, 0)),
        ({"held_pence": 8}, (2, 6), 2, (2, 6, 0), (6, 0)),
        ({"held_pence": 8}, (0, 12), 2, (0, 12, 2), (10, 2)),
        ({"held_pence": 2}, (8, 3), 4, (3, 3, 0), (3, 0)),
        ({"posted_pence": 12, "overspent_pence": 2}, (0, 11), 0, (0, 11, 1), (0, -1)),
        ({"posted_pence": 12, "overspent_pence": 2}, (0, 5), 0, (0, 5, 0), (-5, -2)),
        ({"posted_pence": 12, "overspent_pence": 2}, (4, 5), 0, (4, 5, 0), (-5, -2)),
    ],
)
def test_what_was_spent_is_spent_and_held_is_what_there_is_money_for(
    portion, wanted, free_pence, came_to, step
):
    held_pence, posted_pence = wanted
    want = Wanted(held_pence=held_pence, posted_pence=posted_pence)

    new, spent = moved(a_portion(**portion), want, a_part(NHS, free_pence))

    assert (new.held_pence, new.posted_pence, new.overspent_pence) == came_to
    assert (spent.from_available_pence, spent.overspent_pence) == step
