"""When a card policy lets cards do more than the one in whose place it comes."""

from dataclasses import fields, replace

import pytest

from services.payments.card_policies.rules import LOOSENS, SHIPPED, loosened, tightest

BEFORE = replace(
    SHIPPED,
    tolerance_basis_points=500,
    tolerance_cap_pence=5_00,
    allowed_countries=("GB", "IE"),
    locks_at_issuer=True,
    payments_of_a_card=4,
    close_after_days=14,
)


@pytest.mark.parametrize(
    "change",
    [
        {"tolerance_basis_points": 501},
        {"tolerance_cap_pence": 5_01},
        {"allowed_countries": ("GB", "FR")},
        {"allowed_countries": None},
        {"locks_at_issuer": False},
        {"payments_of_a_card": 5},
        {"close_after_days": 15},
    ],
)
def test_a_policy_loosens_by_each_thing_that_lets_cards_do_more(change):
    assert loosened(replace(BEFORE, **change), before=BEFORE) == list(change)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"tolerance_basis_points": 0, "tolerance_cap_pence": 0},
        {"allowed_countries": ("IE",)},
        {"payments_of_a_card": 2, "close_after_days": 0},
    ],
)
def test_a_policy_that_only_tightens_loosens_by_nothing(change):
    assert loosened(replace(BEFORE, **change), before=BEFORE) == []


def test_locks_and_countries_where_there_were_none_only_tighten():
    policy = replace(SHIPPED, locks_at_issuer=True, allowed_countries=("GB",))

    assert loosened(policy, before=SHIPPED) == []


def test_whatever_is_tightened_beside_it_one_thing_that_loosens_is_named():
    mixed = replace(BEFORE, tolerance_cap_pence=0, payments_of_a_card=6, close_after_days=30)

    assert loosened(mixed, before=BEFORE) == ["payments_of_a_card", "close_after_days"]


def test_everything_that_a_policy_says_is_looked_at():
    said = {field.name for field in fields(SHIPPED)} - {"version"}

    assert said == LOOSENS.keys()


def test_the_tighter_of_two_policies_loosens_neither_and_is_named_after_the_first():
    other = replace(SHIPPED, version=7, tolerance_cap_pence=1_00, allowed_countries=("IE", "FR"))

    for one, two in ((BEFORE, other), (other, BEFORE), (SHIPPED, BEFORE), (BEFORE, SHIPPED)):
        tighter = tightest(one, two)
        assert loosened(tighter, before=one) == loosened(tighter, before=two) == []
        assert tighter.version == one.version
    assert tightest(BEFORE, other).allowed_countries == ("IE",)
    assert tightest(SHIPPED, SHIPPED) == SHIPPED
