"""A plan divided between its funders at sign-off, and what the person gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.agreements.rules import (
    PlannedItem,
    SharesNotWholeError,
    agreed_parts,
    person_contribution_pence,
)

shares = st.integers(0, 10_000).map(lambda nhs: {"nhs": nhs, "council": 10_000 - nhs})
items = st.lists(
    st.builds(
        PlannedItem,
        payer=st.sampled_from(["joint", "nhs", "council"]),
        total_pence=st.integers(1, 10_000_00),
    )
)
pence = st.integers(0, 10_000_00)


@given(items=items, shares_basis_points=shares)
def test_the_parts_add_up_to_the_plan(items, shares_basis_points):
    parts = agreed_parts(items=items, shares_basis_points=shares_basis_points)

    assert sum(parts.total_pence.values()) == sum(item.total_pence for item in items)
    assert sum(parts.joint_pence.values()) == sum(
        item.total_pence for item in items if item.payer == "joint"
    )


@given(items=items, shares_basis_points=shares)
def test_each_part_is_within_a_penny_of_the_agreed_share(items, shares_basis_points):
    parts = agreed_parts(items=items, shares_basis_points=shares_basis_points)

    joint_total = sum(parts.joint_pence.values())
    for funder_id, part_pence in parts.joint_pence.items():
        assert abs(part_pence * 10_000 - joint_total * shares_basis_points[funder_id]) < 10_000


def test_an_item_of_one_funder_is_that_funders_alone():
    parts = agreed_parts(
        items=[
            PlannedItem(payer="joint", total_pence=1_01),
            PlannedItem(payer="nhs", total_pence=40_00),
            PlannedItem(payer="council", total_pence=7_00),
        ],
        shares_basis_points={"nhs": 6_000, "council": 4_000},
    )

    assert parts.joint_pence == {"nhs": 61, "council": 40}
    assert parts.total_pence == {"nhs": 40_61, "council": 7_40}


@pytest.mark.parametrize(
    "shares_basis_points",
    [
        {"nhs": 5_000, "council": 4_999},
        {"nhs": 5_000, "council": 5_001},
        {"nhs": 10_001, "council": -1},
        {"nhs": 0, "council": 0},
    ],
)
def test_shares_that_do_not_make_a_whole_are_refused(shares_basis_points):
    with pytest.raises(SharesNotWholeError) as refused:
        agreed_parts(items=[], shares_basis_points=shares_basis_points)

    assert refused.value.code == "shares_not_whole"
    assert refused.value.details == {"total_basis_points": sum(shares_basis_points.values())}


@pytest.mark.parametrize("legal_basis", ["section_117", "local_offer", "nhs_chc", ""])
@given(weekly=pence, weeks=st.integers(0, 53), council_part=pence)
def test_only_care_under_the_care_act_is_charged_for(legal_basis, weekly, weeks, council_part):
    asked = person_contribution_pence(
        legal_basis=legal_basis,
        weekly_contribution_pence=weekly,
        weeks=weeks,
        council_part_pence=council_part,
    )

    assert asked == 0


@given(weekly=pence, weeks=st.integers(0, 53), council_part=pence)
def test_the_person_pays_what_was_assessed_and_never_more_than_the_councils_part(
    weekly, weeks, council_part
):
    asked = person_contribution_pence(
        legal_basis="care_act",
        weekly_contribution_pence=weekly,
        weeks=weeks,
        council_part_pence=council_part,
    )

    assert asked in {weekly * weeks, council_part}
    assert asked <= min(weekly * weeks, council_part)
