"""What is booked when the host pays in a funder's place, and when past cost moves."""

from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.holds.rules import (
    Capture,
    Host,
    Part,
    advanced_step_pence,
    spending_entries,
    unmatched_entries,
)
from services.budget.reapportionment.rules import reapportionment_entries

NHS, COUNCIL, ANOTHER_NHS = FUNDERS = [UUID(int=place) for place in (1, 2, 3)]
CODES = {NHS: "QHM01", COUNCIL: "E06000001", ANOTHER_NHS: "QHM02"}
HOST = Host(funder_id=COUNCIL, code=CODES[COUNCIL])
PARTS = {
    funder_id: Part(funder_id=funder_id, code=code, free_pence=0, is_in=True, is_advanced=False)
    for funder_id, code in CODES.items()
}


def moves(entries):
    return [(entry.funder_id, entry.debit, entry.credit, entry.amount_pence) for entry in entries]


def came_to(entries):
    """Return what each account of each funder came to: credits less debits."""
    accounts = defaultdict(int)
    for entry in entries:
        accounts[entry.funder_id, entry.credit] += entry.amount_pence
        accounts[entry.funder_id, entry.debit] -= entry.amount_pence
    return {account: pence for account, pence in accounts.items() if pence}


def see_that_debts_agree(accounts):
    """What is due to one is due from another, whoever they are (I16)."""
    for one, code in CODES.items():
        for another, other_code in CODES.items():
            due_to = accounts.get((one, f"due_to {other_code}"), 0)
            due_from = accounts.get((another, f"due_from {code}"), 0)
            assert due_to + due_from == 0


def step(from_available_pence=0, overspent_pence=0):
    return Capture(from_available_pence=from_available_pence, overspent_pence=overspent_pence)


# Advances


@pytest.mark.parametrize(
    ("step_pence", "advanced_pence", "is_advanced", "advanced_step"),
    [
        (10, 0, True, 10),
        (10, 0, False, 0),
        (10, 4, False, 0),
        (-10, 10, True, -10),
        (-10, 4, True, -4),
        (-10, 4, False, -4),
        (-10, 0, True, 0),
        (-10, -3, False, 0),
        (0, 4, True, 0),
    ],
)
def test_the_host_pays_for_who_has_only_promised_and_a_refund_returns_that_first(
    step_pence, advanced_pence, is_advanced, advanced_step
):
    assert (
        advanced_step_pence(
            step_pence=step_pence, advanced_pence=advanced_pence, is_advanced=is_advanced
        )
        == advanced_step
    )


def test_what_a_funder_pays_itself_moves_in_its_own_book_alone():
    entries = spending_entries(PARTS[NHS], step(5, 2), advanced_pence=0, host=HOST)

    assert moves(entries) == [
        (NHS, "available", "paid_out", 5),
        (NHS, "overspent", "paid_out", 2),
    ]


def test_what_the_host_pays_in_its_place_is_due_to_the_host():
    entries = spending_entries(PARTS[NHS], step(5), advanced_pence=5, host=HOST)

    assert moves(entries) == [
        (NHS, "available", "due_to E06000001", 5),
        (COUNCIL, "due_from QHM01", "paid_out", 5),
    ]


def test_a_refund_goes_back_the_way_it_came():
    entries = spending_entries(PARTS[NHS], step(-3, -2), advanced_pence=-4, host=HOST)

    assert came_to(entries) == {
        (NHS, "available"): 3,
        (NHS, "overspent"): 2,
        (NHS, "paid_out"): -1,
        (NHS, "due_to E06000001"): -4,
        (COUNCIL, "due_from QHM01"): 4,
        (COUNCIL, "paid_out"): -4,
    }


@given(
    available=st.integers(0, 1_000),
    overspent=st.integers(0, 1_000),
    percent=st.integers(0, 100),
    sign=st.sampled_from([1, -1]),
)
def test_debts_agree_after_every_step_and_every_penny_leaves_what_it_left(
    available, overspent, percent, sign
):
    advanced_pence = sign * ((available + overspent) * percent // 100)
    spent = step(sign * available, sign * overspent)

    accounts = came_to(
        spending_entries(PARTS[NHS], spent, advanced_pence=advanced_pence, host=HOST)
    )

    assert accounts.get((NHS, "available"), 0) == -sign * available
    assert accounts.get((NHS, "overspent"), 0) == -sign * overspent
    assert accounts.get((NHS, "due_to E06000001"), 0) == advanced_pence
    see_that_debts_agree(accounts)


def test_what_came_back_beyond_what_was_captured_stands_in_the_hosts_book_until_it_is_known_whose():
    assert moves(unmatched_entries(HOST, step_pence=5)) == [(COUNCIL, "paid_out", "unmatched", 5)]
    assert moves(unmatched_entries(HOST, step_pence=-5)) == [(COUNCIL, "unmatched", "paid_out", 5)]
    assert unmatched_entries(HOST, step_pence=0) == []


# Past cost


def test_who_paid_too_little_owes_the_host_who_paid_too_much():
    entries = reapportionment_entries({NHS: step(20), COUNCIL: step(-20)}, parts=PARTS, host=HOST)

    assert moves(entries) == [
        (NHS, "available", "due_to E06000001", 20),
        (COUNCIL, "due_from QHM01", "available", 20),
    ]


def test_the_host_owes_whoever_paid_too_much_in_its_place():
    entries = reapportionment_entries({NHS: step(-20), COUNCIL: step(20)}, parts=PARTS, host=HOST)

    assert moves(entries) == [
        (NHS, "due_from E06000001", "available", 20),
        (COUNCIL, "available", "due_to QHM01", 20),
    ]


def test_a_host_that_pays_no_part_stands_between_two_others():
    host = Host(funder_id=ANOTHER_NHS, code="QHM02")
    entries = reapportionment_entries(
        {NHS: step(15, 5), COUNCIL: step(-12, -8)}, parts=PARTS, host=host
    )

    assert came_to(entries) == {
        (NHS, "available"): -15,
        (NHS, "overspent"): -5,
        (NHS, "due_to QHM02"): 20,
        (COUNCIL, "available"): 12,
        (COUNCIL, "overspent"): 8,
        (COUNCIL, "due_from QHM02"): -20,
        (ANOTHER_NHS, "due_from QHM01"): -20,
        (ANOTHER_NHS, "due_to E06000001"): 20,
    }
    see_that_debts_agree(came_to(entries))


def test_where_nothing_differs_nothing_moves():
    assert reapportionment_entries({NHS: step(), COUNCIL: step()}, parts=PARTS, host=HOST) == []


@given(
    steps=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=2),
    signs=st.tuples(st.sampled_from([1, -1]), st.sampled_from([1, -1])),
    host_id=st.sampled_from(FUNDERS),
)
def test_debts_agree_whoever_is_the_host_and_whatever_moves(steps, signs, host_id):
    spent = {
        funder_id: step(sign * available, sign * overspent)
        for funder_id, (available, overspent), sign in zip(FUNDERS[:2], steps, signs, strict=True)
    }
    moved_pence = sum(one.from_available_pence + one.overspent_pence for one in spent.values())
    spent[ANOTHER_NHS] = step(-moved_pence)
    host = Host(funder_id=host_id, code=CODES[host_id])

    accounts = came_to(reapportionment_entries(spent, parts=PARTS, host=host))

    for funder_id, one in spent.items():
        assert accounts.get((funder_id, "available"), 0) == -one.from_available_pence
        assert accounts.get((funder_id, "overspent"), 0) == -one.overspent_pence
    see_that_debts_agree(accounts)
