"""Which journals can be put right, and on which day that counts."""

from datetime import date
from uuid import UUID

import pytest

from services.budget.accounts.rules import Entry, InsufficientFundsError
from services.budget.corrections import rules
from services.budget.corrections.rules import (
    AlreadyReversedError,
    DayWrongError,
    NothingToCorrectError,
    Placed,
)

FUNDER, OTHER = UUID(int=1), UUID(int=2)
NOVEMBER, DECEMBER = date(2026, 11, 24), date(2026, 12, 1)
SPENT = Entry(funder_id=FUNDER, debit="available", credit="paid_out", amount_pence=5_00)
CAME_IN = Entry(funder_id=FUNDER, debit="paid_in", credit="available", amount_pence=5_00)


@pytest.mark.parametrize("is_reversed", [True, False])
def test_what_was_reversed_or_reverses_another_stands_no_more(is_reversed):
    with pytest.raises(AlreadyReversedError):
        rules.see_that_it_stands(is_reversed=is_reversed, is_a_reversal=not is_reversed)
    rules.see_that_it_stands(is_reversed=False, is_a_reversal=False)


@pytest.mark.parametrize(
    ("occurred_on", "effective_on", "error"),
    [
        (NOVEMBER, date(2026, 12, 2), DayWrongError),  # a day that is yet to come
        (DECEMBER, NOVEMBER, DayWrongError),  # before it happened
        (NOVEMBER, NOVEMBER, NothingToCorrectError),
    ],
)
def test_nothing_counts_for_a_day_that_cannot_be_right(occurred_on, effective_on, error):
    with pytest.raises(error):
        rules.see_that_days_are_right(
            effective_on=effective_on,
            occurred_on=occurred_on,
            was=(NOVEMBER, NOVEMBER),
            today=DECEMBER,
        )


def test_a_day_that_differs_is_right():
    rules.see_that_days_are_right(
        effective_on=DECEMBER, occurred_on=NOVEMBER, was=(NOVEMBER, NOVEMBER), today=DECEMBER
    )


@pytest.mark.parametrize(
    ("state", "day", "metadata"),
    [
        (None, NOVEMBER, {}),
        ("open", NOVEMBER, {}),
        ("closing", NOVEMBER, {"late_because": "An invoice was late."}),
        ("closed", DECEMBER, {}),
    ],
)
def test_a_closed_day_is_not_written_for_again(state, day, metadata):
    placed = rules.placed(NOVEMBER, state=state, today=DECEMBER, reason="An invoice was late.")

    assert placed == Placed(effective_on=day, metadata=metadata)


def test_a_mirror_moves_everything_back():
    (back,) = rules.mirrored([SPENT])

    assert (back.debit, back.credit, back.amount_pence) == ("paid_out", "available", 5_00)
    assert rules.mirrored([back]) == [SPENT]


def test_what_was_spent_meanwhile_is_not_taken_back():
    back = rules.mirrored([CAME_IN])
    free_pence = {(FUNDER, "available"): 4_99, (OTHER, "available"): 0}

    with pytest.raises(InsufficientFundsError) as refused:
        rules.see_that_it_is_still_there(back, free_pence=free_pence)
    assert refused.value.details == {"requested_pence": 5_00, "available_pence": 4_99}

    rules.see_that_it_is_still_there(back, free_pence=free_pence | {(FUNDER, "available"): 5_00})
    rules.see_that_it_is_still_there([*back, CAME_IN], free_pence=free_pence)
