from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.decisions import rules
from services.payments.decisions.rules import Situation, decide
from tests.factories import TUESDAY_AT_TEN

GOOD = Situation(
    amount_pence=35_00,
    merchant_category_code="8299",
    asked_at=TUESDAY_AT_TEN,
    is_card_active=True,
    is_purchase_ready=True,
    hold_expires_at=TUESDAY_AT_TEN + timedelta(days=30),
    is_budget_live=True,
    item_category_code="8299",
    unauthorised_pence=35_00,
)
# In the order of the rules: what is wrong, and the code that names it.
WRONGS = (
    ({"is_card_active": False}, "card_closed"),
    ({"is_purchase_ready": False}, "purchase_not_ready"),
    ({"hold_expires_at": TUESDAY_AT_TEN + timedelta(hours=1)}, "hold_expired"),
    ({"is_budget_live": False}, "budget_not_active"),
    ({"merchant_category_code": "7995"}, "wrong_merchant_category"),
    ({"amount_pence": 35_01}, "amount_above_hold"),
)


def test_a_payment_that_the_purchase_covers_is_approved():
    assert decide(GOOD) == rules.APPROVED


@pytest.mark.parametrize(("wrong", "code"), WRONGS)
def test_each_rule_says_its_code_its_reason_and_the_next_step(wrong, code):
    verdict = decide(replace(GOOD, **wrong))

    assert (verdict.is_approved, verdict.code) == (False, code)
    assert verdict.reason
    assert verdict.next_step


@pytest.mark.parametrize("first", range(len(WRONGS)))
def test_the_first_rule_that_objects_gives_the_answer(first):
    wrong = {}
    for change, _ in WRONGS[first:]:
        wrong |= change

    assert decide(replace(GOOD, **wrong)).code == WRONGS[first][1]


def test_a_check_of_the_card_for_nothing_is_approved_when_all_is_authorised():
    assert decide(replace(GOOD, amount_pence=0, unauthorised_pence=0)).is_approved


def test_a_plan_that_names_no_kind_of_shop_allows_every_kind():
    assert decide(replace(GOOD, item_category_code=None)).is_approved


def test_a_hold_without_an_end_is_in_force():
    assert decide(replace(GOOD, hold_expires_at=None)).is_approved


@given(asked=st.integers(0, 10**9), left=st.integers(0, 10**9))
def test_never_more_is_approved_than_is_left(asked, left):
    verdict = decide(replace(GOOD, amount_pence=asked, unauthorised_pence=left))

    assert verdict.is_approved is (asked <= left)


def test_an_unknown_card_is_declined():
    assert not rules.UNKNOWN_CARD.is_approved
