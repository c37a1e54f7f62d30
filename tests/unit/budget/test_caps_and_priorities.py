"""The most that a funder pays, and who pays first."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.agreements.rules import CapExceededError, Funding, apportion

FIRST, SECOND, THIRD = (UUID(int=place) for place in (1, 2, 3))
ties = st.integers(0, 2**128 - 1)
capped = st.lists(
    st.tuples(
        st.integers(0, 1_000),
        st.integers(0, 1_000),
        st.integers(1, 3),
        st.none() | st.integers(0, 1_000),
    ),
    min_size=1,
    max_size=5,
)


def funding(funder_id, weight=1, **terms):
    return Funding(funder_id=funder_id, weight=weight, **terms)


def all_of(terms):
    return [
        funding(UUID(int=place), weight, spent_pence=spent, priority=priority, cap_pence=cap)
        for place, (weight, spent, priority, cap) in enumerate(terms)
    ]


def room_pence(fundings):
    """Return what all together may still pay; None where there is no limit to it."""
    paying = [one for one in fundings if one.weight]
    if any(one.cap_pence is None for one in paying):
        return None
    return sum(max(0, one.cap_pence - one.spent_pence) for one in paying)


@given(amount_pence=st.integers(1, 2_000), terms=capped, tie=ties)
def test_the_parts_add_up_and_nobody_pays_beyond_its_cap_or_all_is_refused(
    amount_pence, terms, tie
):
    fundings = all_of(terms)
    room = room_pence(fundings)
    if room is not None and room < amount_pence:
        with pytest.raises(CapExceededError) as refused:
            apportion(amount_pence=amount_pence, fundings=fundings, tie=tie)
        assert refused.value.details == {"amount_pence": amount_pence, "within_caps_pence": room}
        return

    portions = apportion(amount_pence=amount_pence, fundings=fundings, tie=tie)

    assert sum(portions.values()) == amount_pence
    for one in fundings:
        assert portions[one.funder_id] >= 0
        if one.cap_pence is not None and portions[one.funder_id]:
            assert one.spent_pence + portions[one.funder_id] <= one.cap_pence
        if not one.weight:
            assert portions[one.funder_id] == 0


@given(amount_pence=st.integers(1, 2_000), terms=capped, tie=ties)
def test_nobody_pays_while_somebody_before_it_can(amount_pence, terms, tie):
    fundings = [*all_of(terms), funding(UUID(int=99), priority=9)]

    portions = apportion(amount_pence=amount_pence, fundings=fundings, tie=tie)

    last = max(one.priority for one in fundings if portions[one.funder_id])
    before = [one for one in fundings if one.weight and one.priority < last]
    assert all(one.cap_pence is not None for one in before)
    for one in before:
        assert portions[one.funder_id] == max(0, one.cap_pence - one.spent_pence)


@given(
    weights=st.lists(st.integers(1, 1_000), min_size=2, max_size=4),
    cap_pence=st.integers(0, 5_000),
    spends=st.lists(st.integers(1, 1_000), max_size=20),
    tie=ties,
)
def test_those_without_a_cap_keep_to_their_shares_of_what_is_left_to_them(
    weights, cap_pence, spends, tie
):
    """One is capped, and is so from its first penny or never: the others share the rest."""
    spent = [cap_pence, *[0] * len(weights)]
    for amount_pence in spends:
        fundings = [
            funding(UUID(int=place), weight, spent_pence=paid, cap_pence=cap)
            for place, (weight, paid, cap) in enumerate(
                zip([1, *weights], spent, [cap_pence, *[None] * len(weights)], strict=True)
            )
        ]
        portions = apportion(amount_pence=amount_pence, fundings=fundings, tie=tie)
        spent = [paid + portion for paid, portion in zip(spent, portions.values(), strict=True)]

    shared = sum(spent[1:])
    assert spent[0] == cap_pence
    for weight, paid in zip(weights, spent[1:], strict=True):
        assert abs(Fraction(weight, sum(weights)) * shared - paid) < 1


def test_who_bears_the_lower_number_pays_first_as_far_as_its_cap_goes():
    fundings = [
        funding(FIRST, priority=1, cap_pence=60, spent_pence=50),
        funding(SECOND, priority=2),
        funding(THIRD, priority=2),
    ]

    assert apportion(amount_pence=10, fundings=fundings) == {FIRST: 10, SECOND: 0, THIRD: 0}
    assert apportion(amount_pence=30, fundings=fundings) == {FIRST: 10, SECOND: 10, THIRD: 10}


def test_the_order_in_which_funders_are_named_decides_nothing():
    fundings = [funding(SECOND, priority=2), funding(FIRST, cap_pence=6)]

    assert apportion(amount_pence=10, fundings=fundings) == {FIRST: 6, SECOND: 4}
    assert apportion(amount_pence=10, fundings=fundings[::-1]) == {FIRST: 6, SECOND: 4}


def test_what_a_capped_funder_cannot_pay_may_fill_another_cap_too():
    fundings = [
        funding(FIRST, cap_pence=10),
        funding(SECOND, cap_pence=40),
        funding(THIRD),
    ]

    assert apportion(amount_pence=120, fundings=fundings) == {FIRST: 10, SECOND: 40, THIRD: 70}


def test_a_funder_beyond_its_cap_pays_nothing_and_gets_nothing_back():
    fundings = [funding(FIRST, spent_pence=12, cap_pence=10), funding(SECOND)]

    assert apportion(amount_pence=5, fundings=fundings) == {FIRST: 0, SECOND: 5}
