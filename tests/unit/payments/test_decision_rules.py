from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.cards.rules import CardState
from services.payments.decisions import rules
from services.payments.decisions.rules import Situation, decide
from services.payments.exclusions.rules import Exclusion, Kind, Strength, Wanted
from tests.factories import TUESDAY_AT_TEN

WANTED = Wanted(
    item_id=UUID(int=1), item_category="activity", payer="joint", item_shop="8299", shop="8299"
)
GOOD = Situation(
    amount_pence=35_00,
    is_amount_controllable=False,
    wanted=WANTED,
    merchant_country="GB",
    asked_at=TUESDAY_AT_TEN,
    card_state=CardState.ACTIVE,
    is_budget_live=True,
    is_purchase_ready=True,
    is_standing=False,
    hold_expires_at=TUESDAY_AT_TEN + timedelta(days=30),
    exclusions=(),
    allowed_countries=None,
    unauthorised_pence=35_00,
)


def against(kind):
    return Exclusion(
        exclusion_id=UUID(int=list(Kind).index(kind) + 1),
        kind=kind,
        strength=Strength.HARD,
        source="a law",
        why="Nobody pays for this.",
        applies_from=date(2026, 1, 1),
        funder="nhs" if kind is Kind.FUNDER else None,
        item_category="activity",
    )


# In the order of the rules: what is wrong, and the code that names it.
WRONGS = (
    ({"card_state": CardState.CLOSED}, "card_closed"),
    ({"is_budget_live": False}, "budget_not_active"),
    ({"is_purchase_ready": False}, "purchase_not_ready"),
    ({"hold_expires_at": TUESDAY_AT_TEN + timedelta(hours=1)}, "hold_expired"),
    ({"exclusions": [against(kind) for kind in reversed(Kind)]}, "excluded_by_law"),
    ({"exclusions": [against(Kind.PLAN), against(Kind.FUNDER)]}, "excluded_by_funder"),
    ({"exclusions": [against(Kind.PLAN)]}, "excluded_by_plan"),
    ({"wanted": replace(WANTED, shop="5411")}, "wrong_merchant_category"),
    ({"merchant_country": "FR", "allowed_countries": ("GB", "IE")}, "wrong_merchant_country"),
    ({"amount_pence": 35_01}, "amount_above_hold"),
    ({"wanted": replace(WANTED, item_category="therapy")}, "wrong_funder"),
)


def test_a_payment_that_the_purchase_covers_is_approved():
    assert decide(GOOD) == replace(rules.APPROVED, approved_pence=35_00)


@pytest.mark.parametrize(("wrong", "code"), WRONGS)
def test_each_rule_says_its_code_its_reason_and_the_next_step(wrong, code):
    verdict = decide(replace(GOOD, **wrong))

    assert (verdict.is_approved, verdict.code) == (False, code)
    assert verdict.reason
    assert verdict.next_step


STANDING = replace(GOOD, is_standing=True)


def test_who_buys_for_themselves_chooses_the_shop_and_no_exclusion_gives_way():
    elsewhere = replace(STANDING, wanted=replace(WANTED, shop="5411"))

    assert decide(elsewhere).is_approved
    for kind in Kind:
        assert not decide(replace(elsewhere, exclusions=[against(kind)])).is_approved
    assert decide(replace(STANDING, wanted=replace(WANTED, shop="8011"))).code == "wrong_funder"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"is_purchase_ready": False}, "no_allowance_now"),
        ({"amount_pence": 35_01}, "amount_above_hold"),
    ],
)
def test_who_buys_for_themselves_is_told_of_the_next_period(wrong, code):
    verdict = decide(replace(STANDING, **wrong))

    assert (verdict.is_approved, verdict.code) == (False, code)
    assert "next period" in verdict.next_step


@pytest.mark.parametrize("first", range(len(WRONGS)))
def test_the_first_rule_that_objects_gives_the_answer(first):
    wrong = {}
    for change, _ in reversed(WRONGS[first:]):
        wrong |= change  # of two changes of one thing the earlier rule's counts

    assert decide(replace(GOOD, **wrong)).code == WRONGS[first][1]


def test_a_check_of_the_card_for_nothing_is_approved_when_all_is_authorised():
    verdict = decide(replace(GOOD, amount_pence=0, unauthorised_pence=0))

    assert (verdict.is_approved, verdict.approved_pence) == (True, 0)


def test_a_plan_that_names_no_kind_of_shop_allows_every_kind():
    every_kind = replace(WANTED, item_shop=None, shop="5411")

    assert decide(replace(GOOD, wanted=every_kind)).is_approved


def test_a_hold_without_an_end_is_in_force():
    assert decide(replace(GOOD, hold_expires_at=None)).is_approved


@given(asked=st.integers(0, 10**9), left=st.integers(0, 10**9), takes_less=st.booleans())
def test_never_more_is_approved_than_is_left(asked, left, takes_less):
    """All of it, or what is left where the shop takes less; a part of nothing is nothing."""
    verdict = decide(
        replace(
            GOOD, amount_pence=asked, unauthorised_pence=left, is_amount_controllable=takes_less
        )
    )

    assert verdict.is_approved is (asked <= left or (takes_less and left > 0))
    assert verdict.approved_pence == (min(asked, left) if verdict.is_approved else 0)


def test_a_part_is_approved_with_how_much_and_what_to_do_about_the_rest():
    verdict = decide(replace(GOOD, amount_pence=40_00, is_amount_controllable=True))

    assert (verdict.code, verdict.approved_pence) == ("approved_in_part", 35_00)
    assert verdict.reason == "£35.00 of £40.00 is left for this purchase."
    assert verdict.next_step


@pytest.mark.parametrize(
    ("state", "code"),
    [(CardState.FROZEN, "card_frozen"), (CardState.REPLACED, "card_replaced")],
)
def test_a_card_that_is_not_in_use_says_why(state, code):
    assert decide(replace(GOOD, card_state=state)).code == code


def test_a_country_that_was_not_told_is_no_reason_to_decline():
    assert decide(replace(GOOD, merchant_country="", allowed_countries=("GB",))).is_approved


def test_an_unknown_card_is_declined():
    assert not rules.UNKNOWN_CARD.is_approved
