"""What is compared with a role's limit, and what counts as one purchase in parts."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.limits.rules import (
    DEFAULTS,
    LOOSENS,
    NOTHING,
    Counted,
    Limit,
    Said,
    SamePersonError,
    first_approver,
    in_force,
    loosened,
    may_approve,
    needs_approval,
    see_that_two_decide,
    tightest,
)
from services.payments.requesting.rules import Named, is_alike

LIMIT = Limit(asks_up_to_pence=500_00, approves_up_to_pence=0)
pence = st.integers(min_value=0, max_value=1_000_000)


@pytest.mark.parametrize(
    ("amount", "tolerance", "others", "needs"),
    [
        (500_00, 0, 0, False),
        (500_01, 0, 0, True),
        (500_00, 1, 0, True),
        (1, 0, 499_99, False),
        (1, 0, 500_00, True),
        (200_00, 20_00, 280_01, True),
    ],
)
def test_the_limit_is_for_the_amount_its_tolerance_and_what_was_asked_for_like_it(
    amount, tolerance, others, needs
):
    counted = Counted(amount_pence=amount, tolerance_pence=tolerance, others_pence=others)

    assert needs_approval(LIMIT, counted) is needs
    assert needs_approval(NOTHING, counted)


@given(parts=st.lists(st.integers(min_value=1, max_value=1_000_000), min_size=1, max_size=8))
def test_however_a_sum_is_divided_no_more_than_the_limit_goes_alone(parts):
    asked, alone = 0, 0
    for part in parts:
        if not needs_approval(LIMIT, Counted(amount_pence=part, others_pence=asked)):
            alone += part
        asked += part

    assert alone <= LIMIT.asks_up_to_pence


@given(pence, pence, pence)
def test_an_approver_is_found_for_exactly_what_some_role_may_approve(amount, tolerance, others):
    counted = Counted(amount_pence=amount, tolerance_pence=tolerance, others_pence=others).pence

    role = first_approver(DEFAULTS, counted_pence=counted)

    if role is None:
        assert not may_approve(DEFAULTS, DEFAULTS, counted_pence=counted)
    else:
        assert may_approve([role], DEFAULTS, counted_pence=counted)


def test_the_lowest_role_that_may_approve_is_asked():
    assert first_approver(DEFAULTS, counted_pence=1_000_00) == "care_coordinator"
    assert first_approver(DEFAULTS, counted_pence=1_000_01) == "team_manager"
    assert first_approver(DEFAULTS, counted_pence=10_000_01) is None


def test_whoever_asks_does_not_decide():
    one = uuid4()
    see_that_two_decide(asked_by=one, decided_by=uuid4())
    with pytest.raises(SamePersonError):
        see_that_two_decide(asked_by=one, decided_by=one)


def an_item(*payees, item_id=None):
    return Named(item_id=item_id or uuid4(), payees=frozenset(payees))


def test_the_same_item_or_the_same_payee_is_one_purchase_in_parts():
    item = an_item("ridingschool", "stables")

    assert is_alike(item, an_item("another", item_id=item.item_id))
    assert is_alike(item, an_item("stables"))
    assert not is_alike(item, an_item("another"))
    assert not is_alike(an_item(""), an_item(""))  # a name of signs alone says nothing


BEFORE = Limit(asks_up_to_pence=500_00, approves_up_to_pence=1_000_00, counts_for_days=30)


@pytest.mark.parametrize(
    "change",
    [{"asks_up_to_pence": 500_01}, {"approves_up_to_pence": 1_000_01}, {"counts_for_days": 29}],
)
def test_a_limit_loosens_by_each_thing_that_lets_a_role_do_more(change):
    assert loosened(replace(BEFORE, **change), before=BEFORE) == list(change)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"asks_up_to_pence": 0, "approves_up_to_pence": 0},
        {"asks_up_to_pence": 499_99, "counts_for_days": 31},
    ],
)
def test_a_limit_that_only_tightens_loosens_by_nothing(change):
    assert loosened(replace(BEFORE, **change), before=BEFORE) == []


def test_whatever_a_limit_tightens_beside_it_one_thing_that_loosens_is_named():
    mixed = Limit(asks_up_to_pence=0, approves_up_to_pence=2_000_00, counts_for_days=7)

    assert loosened(mixed, before=BEFORE) == ["approves_up_to_pence", "counts_for_days"]


def test_everything_that_a_limit_says_is_looked_at():
    assert {field.name for field in fields(Limit)} == LOOSENS.keys()


limits = st.builds(
    Limit,
    asks_up_to_pence=pence,
    approves_up_to_pence=pence,
    counts_for_days=st.integers(min_value=1, max_value=90),
)


@given(limits, limits)
def test_the_tighter_of_two_limits_loosens_neither(one, other):
    tighter = tightest(one, other)

    assert loosened(tighter, before=one) == loosened(tighter, before=other) == []
    assert tighter in {one, other} or (loosened(one, before=other) and loosened(other, before=one))


def said(pence, *, at, is_by_two=False):
    limit = replace(BEFORE, asks_up_to_pence=pence)
    return Said(rule=limit, at=datetime(2026, 11, at, tzinfo=UTC), is_by_two=is_by_two)


@pytest.mark.parametrize(
    ("all_said", "holds"),
    [
        ([], 500_00),
        ([said(900_00, at=1)], 900_00),  # it counted before two had to say so
        ([said(900_00, at=1), said(400_00, at=2)], 400_00),
        ([said(100_00, at=3), said(400_00, at=1), said(450_00, at=2)], 100_00),
        ([said(100_00, at=3), said(400_00, at=1), said(90_00, at=4)], 90_00),
        ([said(100_00, at=3), said(400_00, at=1, is_by_two=True)], 400_00),
        ([said(100_00, at=3), said(400_00, at=1, is_by_two=True), said(300_00, at=2)], 300_00),
    ],
)
def test_what_one_person_said_is_never_looser_than_what_became_known_after_it(all_said, holds):
    limit = in_force(all_said, first=BEFORE, tightest=tightest)

    assert limit.asks_up_to_pence == holds
