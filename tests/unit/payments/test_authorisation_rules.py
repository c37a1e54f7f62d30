import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.authorisations.rules import (
    AuthorisationStatus,
    Snapshot,
    UnknownCardError,
    authorised_pence,
    is_newer,
)


def a_snapshot(
    amount_pence=35_00, *, status="pending", requests=1, confirmed=1, transactions=0, approved=True
):
    return Snapshot(
        is_approved=approved,
        status=AuthorisationStatus(status),
        amount_pence=amount_pence,
        request_count=requests,
        confirmed_count=confirmed,
        transaction_count=transactions,
    )


LIFE = (
    a_snapshot(35_00),
    a_snapshot(45_00, requests=2, confirmed=2),
    a_snapshot(40_00, requests=2, confirmed=2),  # a part was given back
    a_snapshot(40_00, requests=2, confirmed=2, transactions=1),
    a_snapshot(40_00, requests=2, confirmed=2, transactions=2, status="closed"),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(LIFE)))))
def test_in_every_order_of_arrival_the_last_view_stays(order):
    known = None
    for place in order:
        if is_newer(LIFE[place], known):
            known = LIFE[place]

    assert known == LIFE[-1]


def test_an_end_is_newer_than_the_same_still_pending():
    assert is_newer(a_snapshot(status="expired"), a_snapshot())
    assert not is_newer(a_snapshot(), a_snapshot(status="reversed"))


def test_the_same_view_again_is_not_newer():
    assert not is_newer(a_snapshot(), a_snapshot())


def test_what_we_approved_counts_before_the_issuer_confirms_it():
    assert authorised_pence(None, [35_00]) == 35_00
    assert authorised_pence(a_snapshot(35_00), [35_00, 5_00]) == 40_00


def test_what_the_issuer_confirmed_does_not_count_twice():
    assert authorised_pence(a_snapshot(35_00), [35_00]) == 35_00


def test_what_the_issuer_allowed_without_us_counts():
    assert authorised_pence(a_snapshot(35_00, confirmed=0), []) == 35_00


@pytest.mark.parametrize("status", ["closed", "reversed", "expired"])
def test_an_authorisation_that_has_ended_claims_nothing_more(status):
    assert authorised_pence(a_snapshot(status=status), [35_00, 5_00]) == 0


def test_a_declined_amount_is_no_claim():
    assert authorised_pence(a_snapshot(approved=False, confirmed=0), []) == 0


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=5))
def test_confirmations_one_by_one_never_change_the_claim(approvals):
    claims = {
        authorised_pence(
            a_snapshot(sum(approvals[:confirmed]), requests=confirmed, confirmed=confirmed),
            approvals,
        )
        for confirmed in range(len(approvals) + 1)
    }

    assert claims == {sum(approvals)}


def test_an_unknown_card_is_named_as_such():
    assert UnknownCardError("no").as_answer()["code"] == "unknown_card"
