from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.authorisations.rules import Authorised, card_claims
from services.payments.purchases.rules import (
    AmountAboveItemError,
    BankClaims,
    CardClaims,
    NoOccurrenceLeftError,
    amounts,
    check_request,
)

pence = st.integers(min_value=0, max_value=1_000_000)
cards = st.builds(
    CardClaims,
    outstanding_pence=pence,
    captured_pence=pence,
    refunded_pence=pence,
    waiting_pence=pence,
    is_bought=st.booleans(),
)
banks = st.builds(BankClaims, ordered_pence=pence, paid_pence=pence)
NO_CARD, NO_BANK = CardClaims(), BankClaims()
authorisations = st.lists(
    st.builds(Authorised, authorised_pence=pence, captured_pence=pence, is_pending=st.booleans()),
    max_size=4,
)


def an_authorisation(authorised_pence, captured_pence=0, *, is_pending=True):
    return Authorised(
        authorised_pence=authorised_pence, captured_pence=captured_pence, is_pending=is_pending
    )


def test_the_plan_covers_one_more_purchase_up_to_its_unit_cost():
    check_request(amount_pence=35_00, unit_cost_pence=35_00, earlier_purchases=1, occurrences=2)


def test_more_than_the_unit_cost_is_refused_with_both_amounts():
    with pytest.raises(AmountAboveItemError) as refused:
        check_request(amount_pence=35_01, unit_cost_pence=35_00, earlier_purchases=0, occurrences=1)

    assert refused.value.as_answer()["code"] == "amount_above_item"
    assert refused.value.details == {"amount_pence": 35_01, "unit_cost_pence": 35_00}


def test_one_purchase_more_than_the_plan_has_occurrences_is_refused():
    with pytest.raises(NoOccurrenceLeftError):
        check_request(amount_pence=1, unit_cost_pence=1, earlier_purchases=2, occurrences=2)


@pytest.mark.parametrize(
    ("authorised", "captured_pence", "refunded_pence", "expected"),
    [
        pytest.param([], 0, 0, (35_00, 0), id="nobody asked: all of it is reserved"),
        pytest.param([an_authorisation(20_00)], 0, 0, (35_00, 0), id="authorised for less"),
        pytest.param([an_authorisation(40_00)], 0, 0, (40_00, 0), id="the issuer allowed more"),
        pytest.param(
            [an_authorisation(20_00, is_pending=False)], 0, 0, (35_00, 0), id="given back: again"
        ),
        pytest.param(
            [an_authorisation(35_00, 10_00)], 10_00, 0, (25_00, 10_00), id="a part is captured"
        ),
        pytest.param(
            [an_authorisation(35_00, 30_00, is_pending=False)],
            30_00,
            0,
            (0, 30_00),
            id="captured for less and closed: nothing more is reserved",
        ),
        pytest.param(
            [an_authorisation(35_00, 50_00, is_pending=False)], 50_00, 0, (0, 50_00), id="more"
        ),
        pytest.param(
            [an_authorisation(35_00, 35_00, is_pending=False), an_authorisation(5_00)],
            35_00,
            0,
            (5_00, 35_00),
            id="a second authorisation is pending",
        ),
        pytest.param([], 10_00, 0, (25_00, 10_00), id="captured though nobody asked"),
        pytest.param(
            [an_authorisation(35_00, 35_00, is_pending=False)], 35_00, 35_00, (0, 0), id="refunded"
        ),
        pytest.param([], 0, 10_00, (35_00, 0), id="the refund came before its capture"),
    ],
)
def test_what_a_card_purchase_holds_and_costs(authorised, captured_pence, refunded_pence, expected):
    card = card_claims(authorised, captured_pence=captured_pence, refunded_pence=refunded_pence)

    now = amounts(reserved_pence=35_00, card=card, bank=NO_BANK)

    assert (now.held_pence, now.posted_pence) == expected
    assert now.captured_pence == captured_pence


@given(authorised=authorisations, captured_pence=pence)
def test_what_a_card_may_be_charged_does_not_depend_on_the_order(authorised, captured_pence):
    assert card_claims(authorised, captured_pence=captured_pence) == card_claims(
        list(reversed(authorised)), captured_pence=captured_pence
    )


@given(reserved_pence=pence, card=cards, bank=banks)
def test_no_amount_is_ever_negative_and_what_may_be_claimed_is_held(reserved_pence, card, bank):
    now = amounts(reserved_pence=reserved_pence, card=card, bank=bank)

    assert now.promised_pence == card.outstanding_pence + bank.ordered_pence
    assert now.held_pence >= now.promised_pence
    assert 0 <= now.posted_pence <= now.captured_pence
    assert now.unmatched_pence >= 0


@given(card=cards, bank=banks)
def test_a_purchase_that_is_over_holds_only_what_was_promised(card, bank):
    now = amounts(reserved_pence=0, card=card, bank=bank)

    assert now.held_pence == now.promised_pence


@given(card=cards, bank=banks)
def test_what_both_ways_to_pay_come_to_is_what_each_comes_to_alone(card, bank):
    both = amounts(reserved_pence=0, card=card, bank=bank)
    by_card = amounts(reserved_pence=0, card=card, bank=NO_BANK)
    by_bank = amounts(reserved_pence=0, card=NO_CARD, bank=bank)

    for amount in ("held_pence", "posted_pence", "captured_pence", "unmatched_pence"):
        assert getattr(both, amount) == getattr(by_card, amount) + getattr(by_bank, amount)


@given(reserved_pence=pence, paid_pence=pence, refunded_pence=pence)
def test_what_comes_back_on_a_card_takes_nothing_from_what_the_bank_paid(
    reserved_pence, paid_pence, refunded_pence
):
    card = CardClaims(refunded_pence=refunded_pence)

    now = amounts(reserved_pence=reserved_pence, card=card, bank=BankClaims(paid_pence=paid_pence))

    assert (now.posted_pence, now.unmatched_pence) == (paid_pence, refunded_pence)


@pytest.mark.parametrize(
    ("reserved", "ordered", "paid", "expected"),
    [
        (35_00, 0, 0, (35_00, 0, 0)),
        (35_00, 20_00, 0, (35_00, 0, 20_00)),
        (35_00, 5_00, 20_00, (15_00, 20_00, 5_00)),
        (35_00, 0, 35_00, (0, 35_00, 0)),
        (0, 5_00, 20_00, (5_00, 20_00, 5_00)),  # finished: what is ordered is still held
        (0, 0, 35_00, (0, 35_00, 0)),  # paid after all, though it was over
    ],
)
def test_a_purchase_by_transfer_holds_what_is_not_paid_yet(reserved, ordered, paid, expected):
    bank = BankClaims(ordered_pence=ordered, paid_pence=paid)

    now = amounts(reserved_pence=reserved, card=NO_CARD, bank=bank)

    assert (now.held_pence, now.posted_pence, now.promised_pence) == expected


@pytest.mark.parametrize(
    ("card", "bank", "expected"),
    [
        pytest.param(
            CardClaims(captured_pence=35_00), BankClaims(ordered_pence=35_00), (35_00, 35_00),
            id="a shop took all of it while the bank was paying: that is held and this is posted",
        ),
        pytest.param(
            CardClaims(captured_pence=35_00), BankClaims(paid_pence=35_00), (0, 70_00),
            id="both were paid",
        ),
        pytest.param(
            CardClaims(outstanding_pence=10_00), BankClaims(ordered_pence=35_00), (45_00, 0),
            id="a shop may claim more than is left beside what was ordered",
        ),
        pytest.param(
            CardClaims(outstanding_pence=10_00), BankClaims(ordered_pence=20_00), (35_00, 0),
            id="what a shop may claim is a part of what is left",
        ),
        pytest.param(
            CardClaims(captured_pence=20_00, is_bought=True), BankClaims(ordered_pence=5_00),
            (5_00, 20_00), id="bought for less by card: of the rest only what was ordered is held",
        ),
        pytest.param(
            CardClaims(captured_pence=35_00, refunded_pence=35_00), BankClaims(paid_pence=35_00),
            (0, 35_00), id="paid twice, and the shop gave it back",
        ),
    ],
)  # fmt: skip
def test_a_purchase_whose_rail_was_changed_holds_and_costs_what_both_say(card, bank, expected):
    now = amounts(reserved_pence=35_00, card=card, bank=bank)

    assert (now.held_pence, now.posted_pence) == expected


def test_a_standing_purchase_reserves_what_is_left_after_each_payment():
    once = CardClaims(captured_pence=20_00, is_bought=True)
    more = CardClaims(captured_pence=35_00, outstanding_pence=5_00, is_bought=True)

    for card, reserved_pence, expected in (
        (once, 50_00, (30_00, 20_00)),
        (once, 0, (0, 20_00)),  # finished
        (more, 50_00, (15_00, 35_00)),
        (more, 0, (5_00, 35_00)),  # finished, and a shop may still claim
    ):
        now = amounts(reserved_pence=reserved_pence, card=card, bank=NO_BANK, is_standing=True)
        assert (now.held_pence, now.posted_pence) == expected


@given(cards, pence)
def test_a_standing_purchase_never_holds_and_has_cost_more_than_its_allowance(card, allowance):
    card = replace(card, captured_pence=min(card.captured_pence, allowance))
    card = replace(
        card, outstanding_pence=min(card.outstanding_pence, allowance - card.captured_pence)
    )

    now = amounts(reserved_pence=allowance, card=card, bank=NO_BANK, is_standing=True)

    assert now.held_pence + now.captured_pence == allowance
