import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.purchases import rules
from services.payments.purchases.rules import (
    AmountAboveItemError,
    Amounts,
    Authorised,
    NoOccurrenceLeftError,
    PurchaseState,
    card_amounts,
    check_request,
    paid_by_transfer,
    settled_state,
)

pence = st.integers(min_value=0, max_value=1_000_000)
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
    amounts = card_amounts(
        reserved_pence=35_00,
        authorised=authorised,
        captured_pence=captured_pence,
        refunded_pence=refunded_pence,
    )

    assert (amounts.held_pence, amounts.posted_pence) == expected
    assert amounts.captured_pence == captured_pence


@given(reserved_pence=pence, authorised=authorisations, captured_pence=pence, refunded_pence=pence)
def test_no_amount_is_ever_negative_and_what_may_be_claimed_is_held(
    reserved_pence, authorised, captured_pence, refunded_pence
):
    amounts = card_amounts(
        reserved_pence=reserved_pence,
        authorised=authorised,
        captured_pence=captured_pence,
        refunded_pence=refunded_pence,
    )

    assert amounts.held_pence >= sum(one.outstanding_pence for one in authorised)
    assert 0 <= amounts.posted_pence <= amounts.captured_pence
    assert amounts == card_amounts(
        reserved_pence=reserved_pence,
        authorised=list(reversed(authorised)),
        captured_pence=captured_pence,
        refunded_pence=refunded_pence,
    )


@given(authorised=authorisations, captured_pence=pence)
def test_a_purchase_called_off_holds_only_what_shops_may_still_claim(authorised, captured_pence):
    amounts = card_amounts(
        reserved_pence=0, authorised=authorised, captured_pence=captured_pence, refunded_pence=0
    )

    assert amounts.held_pence == sum(one.outstanding_pence for one in authorised)


def test_a_transfer_that_has_gone_holds_nothing_and_costs_its_amount():
    assert paid_by_transfer(12_00) == Amounts(
        held_pence=0, posted_pence=12_00, captured_pence=12_00
    )
    assert Amounts(held_pence=0, posted_pence=0, captured_pence=0) == rules.NOTHING


@pytest.mark.parametrize(
    ("held", "posted", "captured", "ledger", "state"),
    [
        (0, 35_00, 35_00, 35_00, PurchaseState.COMPLETED),
        (0, 30_00, 35_00, 30_00, PurchaseState.PART_REFUNDED),
        (0, 0, 35_00, 0, PurchaseState.REFUNDED),
        (0, 35_00, 35_00, 0, None),  # the ledger has not booked it yet
        (5_00, 30_00, 30_00, 30_00, None),  # more may come
        (0, 0, 0, 0, None),  # nothing was bought
    ],
)
def test_a_purchase_is_settled_when_the_ledger_has_booked_all_of_it(
    held, posted, captured, ledger, state
):
    assert (
        settled_state(
            held_pence=held,
            posted_pence=posted,
            captured_pence=captured,
            ledger_posted_pence=ledger,
        )
        is state
    )
