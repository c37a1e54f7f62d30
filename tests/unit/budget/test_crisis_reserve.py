"""How a reserve is called and given back: by what was promised, and to the penny."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import FunderNotInBudgetError
from services.budget.agreements.rules import NotAPartnerError, SignatureMissingError
from services.budget.crisis_reserve import rules
from services.budget.crisis_reserve.rules import ReserveUsedUpError, Returned

FUNDERS = [UUID(int=number) for number in range(1, 6)]
PENCE = st.integers(min_value=0, max_value=10**9)
STANDING = st.dictionaries(st.sampled_from(FUNDERS), PENCE, min_size=1)


@given(standing=STANDING.filter(lambda one: any(one.values())), cap_pence=st.integers(1, 10**10))
def test_no_more_is_usable_than_the_cap_and_than_each_promised(standing, cap_pence):
    parts = rules.usable(cap_pence=cap_pence, standing=standing)

    assert sum(parts.values()) == min(cap_pence, sum(standing.values()))
    assert all(0 < pence <= standing[funder_id] for funder_id, pence in parts.items())


@given(funders=st.lists(st.sampled_from(FUNDERS), unique=True))
def test_where_nothing_stands_nothing_is_usable(funders):
    with pytest.raises(ReserveUsedUpError):
        rules.usable(cap_pence=1, standing=dict.fromkeys(funders, 0))


def test_it_is_divided_by_what_each_promised():
    standing = {FUNDERS[0]: 400_00, FUNDERS[1]: 200_00}

    assert rules.usable(cap_pence=300_00, standing=standing) == {
        FUNDERS[0]: 200_00,
        FUNDERS[1]: 100_00,
    }


@given(activated_pence=PENCE, free_pence=PENCE, not_paid_in_pence=PENCE)
def test_what_goes_back_is_what_is_free_up_to_the_part_and_owed_no_more_first(
    activated_pence, free_pence, not_paid_in_pence
):
    returned = rules.returned(
        FUNDERS[0],
        activated_pence=activated_pence,
        free_pence=free_pence,
        not_paid_in_pence=not_paid_in_pence,
    )

    assert returned.pence == min(activated_pence, free_pence)
    assert returned.unpromised_pence == min(returned.pence, not_paid_in_pence)
    assert returned.repaid_pence >= 0


@given(parts=STANDING)
def test_what_is_called_and_stands_again_leaves_the_reserve_as_it_was(parts):
    called = rules.called_entries(parts)
    returned = [
        Returned(funder_id=funder_id, unpromised_pence=pence // 2, repaid_pence=pence - pence // 2)
        for funder_id, pence in parts.items()
    ]

    came_to = {}
    for entry in [*called, *rules.stood_down_entries(returned)]:
        for name, pence in ((entry.credit, entry.amount_pence), (entry.debit, -entry.amount_pence)):
            key = (entry.funder_id, name)
            came_to[key] = came_to.get(key, 0) + pence

    for one in returned:
        assert came_to[one.funder_id, "reserve"] == 0
        assert came_to[one.funder_id, "reserve_promised"] == 0
        assert came_to[one.funder_id, "repaid"] == one.repaid_pence
        assert came_to[one.funder_id, "available"] == -one.repaid_pence


def test_who_pays_into_the_budget_and_has_signed_can_promise():
    rules.see_that_it_can_be_promised(parts=FUNDERS[:1], signed_by=FUNDERS[:2], funders=FUNDERS[:2])


@pytest.mark.parametrize(
    ("parts", "signed_by", "error"),
    [
        (FUNDERS[:3], FUNDERS[:2], FunderNotInBudgetError),
        (FUNDERS[:1], FUNDERS[:3], NotAPartnerError),
        (FUNDERS[:2], FUNDERS[:1], SignatureMissingError),
    ],
)
def test_nobody_else_can(parts, signed_by, error):
    with pytest.raises(error):
        rules.see_that_it_can_be_promised(parts=parts, signed_by=signed_by, funders=FUNDERS[:2])
