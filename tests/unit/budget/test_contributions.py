"""When a contribution counts, and what it does to the books."""

from uuid import UUID

import pytest

from services.budget.accounts.rules import AccountKind, Entry
from services.budget.funding.rules import (
    ContributionDiffersError,
    charge_entries,
    person_paid_entries,
    promise_entries,
    receipt_entries,
    see_that_it_is_what_was_called_for,
)

NHS, COUNCIL, PERSON = (UUID(int=place) for place in (1, 2, 3))


def moves(entries):
    return [(entry.funder_id, entry.debit, entry.credit, entry.amount_pence) for entry in entries]


@pytest.mark.parametrize(
    ("received_pence", "paid_pence", "may_be_in_parts"),
    [(0, 10_00, False), (0, 10_00, True), (0, 1, True), (9_99, 1, True), (4_00, 6_00, False)],
)
def test_what_was_called_for_is_taken_and_from_a_person_a_part_of_it(
    received_pence, paid_pence, may_be_in_parts
):
    see_that_it_is_what_was_called_for(
        called_pence=10_00,
        received_pence=received_pence,
        paid_pence=paid_pence,
        may_be_in_parts=may_be_in_parts,
    )


@pytest.mark.parametrize(
    ("received_pence", "paid_pence", "may_be_in_parts"),
    [
        (0, 9_99, False),
        (0, 10_01, False),
        (0, 10_01, True),
        (4_00, 6_01, True),
        (10_00, 1, True),
        (10_00, 10_00, False),
    ],
)
def test_more_than_is_missing_or_a_part_from_an_organisation_is_refused(
    received_pence, paid_pence, may_be_in_parts
):
    with pytest.raises(ContributionDiffersError) as refused:
        see_that_it_is_what_was_called_for(
            called_pence=10_00,
            received_pence=received_pence,
            paid_pence=paid_pence,
            may_be_in_parts=may_be_in_parts,
        )

    assert refused.value.details == {
        "called_pence": 10_00 - received_pence,
        "received_pence": paid_pence,
    }


def test_what_is_promised_can_be_spent():
    assert moves(promise_entries(NHS, amount_pence=5)) == [(NHS, "promised", "available", 5)]


@pytest.mark.parametrize(
    ("source", "is_promised", "move"),
    [
        (AccountKind.PAID_IN, False, ("paid_in", "available")),
        (AccountKind.PAID_IN, True, ("paid_in", "promised")),
        (AccountKind.RELEASED_IN, False, ("released_in", "available")),
        (AccountKind.RELEASED_IN, True, ("released_in", "promised")),
    ],
)
def test_money_that_comes_in_can_be_spent_or_keeps_a_promise(source, is_promised, move):
    entries = receipt_entries(NHS, source=source, amount_pence=5, is_promised=is_promised)

    assert moves(entries) == [(NHS, *move, 5)]


def test_a_charge_can_be_spent_before_the_person_pays_it():
    assert moves(charge_entries(COUNCIL, amount_pence=5)) == [
        (COUNCIL, "charge_due", "available", 5)
    ]


def test_what_the_person_pays_stands_in_their_book_and_settles_the_councils_charge():
    entries = person_paid_entries(person_id=PERSON, council_id=COUNCIL, amount_pence=5)

    assert all(isinstance(entry, Entry) for entry in entries)
    assert moves(entries) == [
        (PERSON, "contributed", "own_money", 5),
        (COUNCIL, "charged", "charge_due", 5),
    ]
