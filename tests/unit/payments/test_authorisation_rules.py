import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.authorisations.rules import (
    AuthorisationStatus,
    Outcome,
    Snapshot,
    Taken,
    UnknownCardError,
    authorised_pence,
    beyond,
    ended_with,
    in_doubt,
    is_newer,
    refunds_of,
    unlike_ours,
    with_answer,
)


def a_snapshot(
    amount_pence=35_00, *, status="pending", requests=1, confirmed=1, transactions=0, approved=True
):
    return Snapshot(
        is_approved=approved,
        status=AuthorisationStatus(status),
        amount_pence=amount_pence,
        requests=[Outcome.OURS] * confirmed + [Outcome.NO] * (requests - confirmed),
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


def test_a_yes_that_became_the_networks_no_claims_nothing_more():
    timed_out = a_snapshot(20_00, requests=2, confirmed=1)

    assert authorised_pence(timed_out, [20_00, 10_00]) == 20_00
    assert list(unlike_ours(timed_out, [20_00, 10_00])) == [(1, "declined_after_us")]
    assert list(unlike_ours(timed_out, [20_00, 0])) == []


def test_a_yes_in_our_place_is_odd_unless_we_said_yes_too_late():
    stood_in = replace(a_snapshot(35_00), requests=[Outcome.UNASKED])

    assert list(unlike_ours(stood_in, [])) == [(0, "approved_without_us")]
    assert list(unlike_ours(stood_in, [35_00])) == []
    assert list(unlike_ours(replace(stood_in, amount_pence=0), [])) == []


def test_only_two_pending_views_that_differ_in_nothing_but_the_amount_leave_a_doubt():
    assert in_doubt(a_snapshot(30_00), a_snapshot(35_00))
    assert not in_doubt(a_snapshot(35_00), a_snapshot(35_00))
    assert not in_doubt(a_snapshot(35_00), None)
    assert not in_doubt(a_snapshot(30_00, transactions=1), a_snapshot(35_00))
    assert not in_doubt(a_snapshot(0, status="reversed"), a_snapshot(35_00))


def test_an_answer_is_kept_at_the_place_of_its_request():
    assert with_answer([], 0, 5) == [5]
    assert with_answer([5], 2, 7) == [5, 0, 7]
    assert with_answer([5, 6], 0, 7) == [7, 6]


@pytest.mark.parametrize(
    ("before", "listed", "after"),
    [
        (None, ["b", "a"], ["a", "b"]),
        (["a"], ["a", "b"], ["a"]),  # the first moment has the shorter list
        (["a", "b"], ["a"], ["a"]),
    ],
)
def test_what_an_end_had_is_what_its_first_moment_had(before, listed, after):
    assert ended_with(a_snapshot(status="expired"), listed, before) == after
    assert ended_with(a_snapshot(status="closed"), listed, before) == before


@given(
    pences=st.lists(st.integers(min_value=1, max_value=100), max_size=6),
    allowed=st.integers(min_value=0, max_value=200),
)
def test_what_is_above_is_counted_once_whatever_the_captures(pences, allowed):
    above, before = 0, 0
    for amount in pences:
        above += beyond(allowed_pence=allowed, before_pence=before, amount_pence=amount)
        before += amount

    assert above == max(0, sum(pences) - allowed)


takings = st.lists(
    st.builds(
        Taken,
        presentment_id=st.uuids().map(str),
        authorisation_id=st.sampled_from(["a", "b", "of another", None]),
        is_refund=st.booleans(),
        amount_pence=st.integers(min_value=1, max_value=50),
        is_confirmed=st.just(False),
    ),
    max_size=8,
    unique_by=lambda one: one.presentment_id,
)


@given(taken=takings, ended=st.sets(st.sampled_from(["a", "b"])), shuffled=st.randoms())
def test_every_refunded_penny_counts_or_waits_whatever_the_order(taken, ended, shuffled):
    found = refunds_of(taken, own={"a", "b"}, ended=ended)
    captured = sum(one.amount_pence for one in taken if not one.is_refund)
    refunded = sum(one.amount_pence for one in taken if one.is_refund)

    assert found.counted_pence + found.waiting_pence == refunded
    assert found.counted_pence <= captured
    assert sum(found.odd.values()) <= found.waiting_pence
    shuffled.shuffle(taken)
    assert refunds_of(taken, own={"a", "b"}, ended=ended) == found
