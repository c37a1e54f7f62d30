"""A plan divided between its funders at sign-off, and what the person gives."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.agreements.rules import (
    CHARGEABLE_BASES,
    LEGAL_BASES,
    CapExceededError,
    Funding,
    agreed_parts,
    person_contribution_pence,
)

NHS, COUNCIL, ANOTHER_NHS = (UUID(int=place) for place in (1, 2, 3))

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=5).filter(any)
pence = st.integers(0, 10_000_00)
ties = st.integers(0, 2**128 - 1)


def shares(*numerators, **changes):
    return [
        Funding(funder_id=UUID(int=place), weight=numerator, **changes)
        for place, numerator in enumerate(numerators, start=1)
    ]


@given(total_pence=pence, numerators=weights, tie=ties)
def test_the_parts_add_up_to_the_plan(total_pence, numerators, tie):
    parts = agreed_parts(total_pence=total_pence, fundings=shares(*numerators), tie=tie)

    assert sum(parts.values()) == total_pence
    assert len(parts) == len(numerators)
    assert min(parts.values()) >= 0


@given(total_pence=pence, numerators=weights, tie=ties)
def test_each_part_is_within_a_penny_of_the_agreed_share(total_pence, numerators, tie):
    parts = agreed_parts(total_pence=total_pence, fundings=shares(*numerators), tie=tie)

    for part_pence, numerator in zip(parts.values(), numerators, strict=True):
        assert abs(part_pence - Fraction(numerator, sum(numerators)) * total_pence) < 1


def test_three_thirds_of_a_pound_are_a_pound():
    assert sorted(agreed_parts(total_pence=1_00, fundings=shares(1, 1, 1)).values()) == [33, 33, 34]


def test_what_was_spent_before_is_no_part_of_a_new_division():
    spent = [
        Funding(funder_id=NHS, weight=50, spent_pence=40),
        Funding(funder_id=COUNCIL, weight=50),
    ]

    assert agreed_parts(total_pence=10, fundings=spent) == {NHS: 5, COUNCIL: 5}


def test_a_plan_that_has_nothing_for_a_purpose_is_nobodys_cost():
    assert agreed_parts(total_pence=0, fundings=shares(6_000, 4_000)) == {NHS: 0, COUNCIL: 0}


def test_what_one_funder_may_not_pay_the_others_agree_to_pay():
    capped = [
        Funding(funder_id=NHS, weight=1, cap_pence=10_00),
        Funding(funder_id=COUNCIL, weight=1),
        Funding(funder_id=ANOTHER_NHS, weight=2),
    ]

    assert agreed_parts(total_pence=100_00, fundings=capped) == {
        NHS: 10_00,
        COUNCIL: 30_00,
        ANOTHER_NHS: 60_00,
    }


def test_a_plan_beyond_what_all_of_them_may_pay_is_not_agreed():
    with pytest.raises(CapExceededError) as refused:
        agreed_parts(total_pence=20_01, fundings=shares(1, 1, cap_pence=10_00))

    assert refused.value.code == "cap_exceeded"
    assert refused.value.details == {"amount_pence": 20_01, "within_caps_pence": 20_00}


def test_only_care_under_the_care_act_is_charged_for():
    assert {"care_act"} == CHARGEABLE_BASES
    assert all(basis.source for basis in LEGAL_BASES.values())


def test_what_cannot_be_charged_for_costs_the_person_nothing():
    asked = person_contribution_pence(
        weekly_contribution_pence=5_00, weeks=52, free_weeks=0, chargeable_pence=0
    )

    assert asked == 0


@given(weekly=pence, weeks=st.integers(0, 53), free_weeks=st.integers(0, 53), chargeable=pence)
def test_the_person_pays_what_was_assessed_and_never_more_than_the_councils_part(
    weekly, weeks, free_weeks, chargeable
):
    asked = person_contribution_pence(
        weekly_contribution_pence=weekly,
        weeks=weeks,
        free_weeks=free_weeks,
        chargeable_pence=chargeable,
    )

    assessed = weekly * max(0, weeks - free_weeks)
    assert asked in {assessed, chargeable}
    assert asked <= min(assessed, chargeable)


@pytest.mark.parametrize(("free_weeks", "asked"), [(0, 50_00), (6, 20_00), (10, 0), (11, 0)])
def test_the_first_weeks_of_reablement_are_free(free_weeks, asked):
    assert (
        person_contribution_pence(
            weekly_contribution_pence=5_00,
            weeks=10,
            free_weeks=free_weeks,
            chargeable_pence=100_00,
        )
        == asked
    )
