"""What may be bought: nothing is excluded but by a rule with a source, and a plan goes first."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.payments.exclusions import rules
from services.payments.exclusions.rules import (
    Exclusion,
    Kind,
    Strength,
    Wanted,
    applying,
    excluded_shops,
    is_fit,
    standing_against,
)
from services.payments.exclusions.shipped import COUNCIL_LISTS, SHIPPED
from services.payments.merchant_categories import NAMES
from services.payments.trials.rules import Past, difference
from tests.factories import TUESDAY_AT_TEN

TODAY = date(2026, 11, 24)
A_SHOP = Exclusion(
    exclusion_id=UUID(int=1),
    kind=Kind.PLAN,
    strength=Strength.SOFT,
    source="a rule",
    why="Not named.",
    applies_from=date(2026, 1, 1),
    merchant_category_code="8011",
)
WANTED = Wanted(
    item_id=UUID(int=9), item_category="activity", payer="nhs", item_shop=None, shop="8011"
)


def lifting(exclusion, **changed):
    return replace(
        exclusion,
        **{
            "exclusion_id": uuid4(),
            "merchant_category_code": None,
            "item_category": None,
            "lifts": exclusion.exclusion_id,
            **changed,
        },
    )


@pytest.mark.parametrize(
    ("shop", "payer", "kind"),
    [
        ("7995", "nhs", Kind.FUNDER),
        ("7995", "joint", Kind.FUNDER),
        ("5921", "nhs", Kind.FUNDER),
        ("6540", "council", Kind.PLAN),
        ("8062", "nhs", Kind.PLAN),
        ("7995", "council", None),
        ("5813", "nhs", None),
        ("6011", "joint", None),
        ("5411", "joint", None),
    ],
)
def test_what_applies_as_shipped(shop, payer, kind):
    found = standing_against(SHIPPED, replace(WANTED, shop=shop, payer=payer))

    assert (found.kind if found else None) is kind


def test_every_exclusion_has_a_source_and_words_and_an_id_of_its_own():
    every = [*SHIPPED, *(one for listed in COUNCIL_LISTS.values() for one in listed)]

    assert all(one.source and one.why for one in every)
    assert len({one.exclusion_id for one in every}) == len(every)


def test_councils_contradict_one_another_and_none_of_their_lists_applies_by_itself():
    own_service = replace(WANTED, item_category="council_service", payer="council", shop=None)

    assert standing_against(SHIPPED, own_service) is None
    assert standing_against(COUNCIL_LISTS["stockport"], own_service) is None
    assert standing_against(COUNCIL_LISTS["south_tyneside"], own_service) is not None


def test_a_plan_that_names_the_shop_goes_before_a_soft_rule_and_not_before_a_hard_one():
    named = replace(WANTED, item_shop="8011")

    assert standing_against([A_SHOP], WANTED) == A_SHOP
    assert standing_against([A_SHOP], named) is None
    assert standing_against([replace(A_SHOP, strength=Strength.HARD)], named) is not None


def test_a_rule_is_lifted_for_everybody_or_for_one_item():
    of_this, of_another = lifting(A_SHOP, item_id=WANTED.item_id), lifting(A_SHOP, item_id=uuid4())

    assert standing_against([A_SHOP, lifting(A_SHOP)], WANTED) is None
    assert standing_against([A_SHOP, of_this], WANTED) is None
    assert standing_against([A_SHOP, of_another], WANTED) == A_SHOP


def test_a_rule_applies_from_its_day_until_the_day_before_its_last():
    dated = replace(A_SHOP, applies_from=TODAY, applies_until=TODAY + timedelta(days=2))

    assert applying([dated], on=TODAY - timedelta(days=1)) == []
    assert applying([dated], on=TODAY + timedelta(days=1)) == [dated]
    assert applying([dated], on=TODAY + timedelta(days=2)) == []


def test_a_rule_that_names_shop_and_category_needs_both():
    both = replace(A_SHOP, item_category="activity")

    assert standing_against([both], WANTED) == both
    assert standing_against([both], replace(WANTED, item_category="travel")) is None


@pytest.mark.parametrize(
    ("payer", "category", "shop", "fits"),
    [
        ("nhs", "therapy", "8099", True),
        ("council", "therapy", "8099", False),
        ("joint", "therapy", None, False),
        ("council", "travel", "8011", False),
        ("council", "travel", "4111", True),
        ("joint", "clothing", "5651", True),
    ],
)
def test_the_councils_money_does_not_buy_health_care(payer, category, shop, fits):
    wanted = replace(WANTED, payer=payer, item_category=category, shop=shop)

    assert is_fit(wanted) is fits


def test_the_issuer_is_told_the_names_of_what_is_excluded():
    shops = excluded_shops(SHIPPED, replace(WANTED, shop=None, item_shop="8011"))

    assert {"7995", "5921", "8062"} <= shops
    assert "8011" not in shops  # the plan names it
    assert {NAMES[code] for code in ("7995", "5921")} == {
        "betting_casino_gambling",
        "package_stores_beer_wine_and_liquor",
    }


def test_what_is_bought_is_looked_at_before_anything_is_held():
    with pytest.raises(rules.ExcludedError) as refused:
        rules.check_wanted([A_SHOP], WANTED)
    assert refused.value.details["source"] == "a rule"
    with pytest.raises(rules.WrongFunderError):
        rules.check_wanted([], replace(WANTED, payer="council"))
    rules.check_wanted([], WANTED)


# Two people, and a trial between them


def test_nothing_is_excluded_for_days_that_have_passed():
    rules.check_proposal(replace(A_SHOP, applies_from=TODAY), lifted=None, today=TODAY)
    with pytest.raises(rules.ExclusionInThePastError):
        rules.check_proposal(A_SHOP, lifted=None, today=TODAY)


def test_a_hard_rule_is_not_lifted_for_one_plan():
    hard = replace(A_SHOP, strength=Strength.HARD)
    for_one = lifting(hard, item_id=uuid4(), applies_from=TODAY)

    with pytest.raises(rules.PlanOnlyError):
        rules.check_proposal(for_one, lifted=hard, today=TODAY)
    rules.check_proposal(replace(for_one, item_id=None), lifted=hard, today=TODAY)
    rules.check_proposal(for_one, lifted=A_SHOP, today=TODAY)


@pytest.mark.parametrize("tried_at", [None, TUESDAY_AT_TEN - timedelta(days=8)])
def test_an_approval_needs_a_trial_of_these_days(tried_at):
    with pytest.raises(rules.TrialNeededError):
        rules.check_trial(tried_at=tried_at, at=TUESDAY_AT_TEN)

    rules.check_trial(tried_at=TUESDAY_AT_TEN - timedelta(days=7), at=TUESDAY_AT_TEN)


def test_a_trial_names_what_would_be_refused_and_what_would_be_allowed():
    def past(*, allowed, wanted=WANTED):
        return Past(
            purchase_id=uuid4(),
            event_id=None,
            amount_pence=1_00,
            wanted=wanted,
            was_allowed=allowed,
        )

    bought, another = past(allowed=True), past(allowed=True, wanted=replace(WANTED, shop="5411"))
    declined = past(allowed=False, wanted=replace(WANTED, shop="5813"))
    bars = replace(A_SHOP, exclusion_id=UUID(int=2), merchant_category_code="5813")

    found = difference([bought, another, declined], applying=[bars], tried=A_SHOP)
    assert (found.refused, found.allowed) == ([bought], [])
    lifted = difference([bought, another, declined], applying=[bars], tried=lifting(bars))
    assert (lifted.refused, lifted.allowed) == ([], [declined])
