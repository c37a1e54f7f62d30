"""What somebody may match by hand, who looks after the rest, and how the refusals read."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.reconciliation.rules import (
    DAYS_AWAITED,
    MOST_DAYS_TO_SETTLE,
    AmountsDifferError,
    Charge,
    DueDateError,
    DuplicateFileError,
    LedgerLine,
    LineDiffersError,
    LineMatchedError,
    LineNotFoundError,
    LineTwiceError,
    MatchNotFoundError,
    MatchUndoneError,
    OutsideLine,
    OwnerUnknownError,
    Side,
    SuspenseNotFoundError,
    SuspenseSettledError,
    charge,
    check_by_hand,
    check_charge,
    is_awaited,
    name_of,
    names_in,
)

TODAY = date(2026, 11, 24)


def outside(external_id, pence):
    return OutsideLine(
        source="bank", external_id=external_id, amount_pence=pence, booked_on=TODAY, reference=""
    )


def ledger(line, pence):
    return LedgerLine(
        journal_id=UUID(int=1), line=line, amount_pence=pence, occurred_on=TODAY, references=()
    )


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ([outside("a", 5)], [ledger(1, 5)]),
        ([outside("a", 5), outside("b", 7)], [ledger(1, 4), ledger(2, 8)]),
        ([outside("a", -5), outside("sent back", 5)], []),
        ([], [ledger(1, -5), ledger(2, 5)]),
    ],
)
def test_what_is_the_same_money_can_be_matched_by_hand(there, here):
    check_by_hand(there, here)


@pytest.mark.parametrize(("there", "here"), [(5, 4), (5, 6), (5, -5)])
def test_not_a_penny_is_matched_away_by_hand(there, here):
    with pytest.raises(AmountsDifferError) as refused:
        check_by_hand([outside("a", there)], [ledger(1, here)])

    assert refused.value.details == {"outside_pence": there, "ledger_pence": here}


@pytest.mark.parametrize(
    ("there", "here"),
    [([], []), ([outside("a", 0)], []), ([outside("a", 5)] * 2, [ledger(1, 5), ledger(2, 5)])],
)
def test_a_match_is_of_two_lines_at_least_and_each_of_them_once(there, here):
    with pytest.raises(LineTwiceError):
        check_by_hand(there, here)


@pytest.mark.parametrize("side", Side)
@given(pence=st.integers(min_value=1), opened_on=st.dates(max_value=date(9000, 1, 1)))
def test_suspense_always_has_an_owner_and_a_day(side, pence, opened_on):
    for amount_pence in (pence, -pence):
        opened = charge(side=side, amount_pence=amount_pence, opened_on=opened_on)

        check_charge(opened, today=opened_on)


def test_money_that_left_and_that_the_books_know_nothing_of_is_looked_at_first():
    due = {
        (side, pence): charge(side=side, amount_pence=pence, opened_on=TODAY).due_on
        for side in Side
        for pence in (1, -1)
    }

    assert min(due, key=due.__getitem__) == (Side.OUTSIDE, -1)


@pytest.mark.parametrize("owner", ["", "nobody", "/", "host/", "Host/Officer", "host/officer "])
def test_suspense_is_handed_to_nobody_by_no_spelling(owner):
    with pytest.raises(OwnerUnknownError):
        check_charge(Charge(owner=owner, due_on=TODAY), today=TODAY)


@pytest.mark.parametrize("days", [-1, MOST_DAYS_TO_SETTLE + 1])
def test_suspense_cannot_be_put_off_for_ever(days):
    with pytest.raises(DueDateError):
        check_charge(
            Charge(owner="host/finance_officer", due_on=TODAY + timedelta(days=days)), today=TODAY
        )


@pytest.mark.parametrize("days", [0, MOST_DAYS_TO_SETTLE])
def test_today_and_the_last_day_are_in_range(days):
    check_charge(Charge(owner="a/b", due_on=TODAY + timedelta(days=days)), today=TODAY)


def test_a_movement_is_awaited_for_a_week():
    last = TODAY - timedelta(days=DAYS_AWAITED)

    assert is_awaited(occurred_on=last, today=TODAY)
    assert not is_awaited(occurred_on=last - timedelta(days=1), today=TODAY)


@given(text=st.text(max_size=140))
def test_a_reference_is_known_again_however_it_was_spaced_or_cased(text):
    spaced = " ".join(text.upper().casefold())

    assert name_of(spaced) == name_of(text.upper())
    assert names_in(text) >= {name_of(text)} - {""}
    assert len(names_in(text)) <= 1 + len(text) // 6


def test_short_words_of_a_text_refer_to_nothing():
    assert names_in("BACS run-47 COUNCIL") == {"bacsrun47council", "council"}
    assert names_in(" - ") == frozenset()


@pytest.mark.parametrize(
    ("refusal", "code", "details"),
    [
        (DuplicateFileError("Here."), "duplicate_file", {}),
        (
            LineDiffersError(number=7, external_id="a-7"),
            "line_differs",
            {"line": 7, "external_id": "a-7"},
        ),
        (LineNotFoundError("None."), "line_not_found", {}),
        (LineMatchedError("Matched."), "line_matched", {}),
        (LineTwiceError("Twice."), "lines_do_not_match", {}),
        (MatchNotFoundError("None."), "match_not_found", {}),
        (MatchUndoneError("Undone."), "match_undone", {}),
        (SuspenseNotFoundError("None."), "suspense_not_found", {}),
        (SuspenseSettledError("Settled."), "suspense_settled", {}),
        (OwnerUnknownError("Nobody."), "owner_unknown", {}),
        (DueDateError("Late."), "due_date_out_of_range", {}),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(refusal, code, details):
    answer = refusal.as_answer()

    assert (answer["code"], answer["details"]) == (code, details)
    assert answer["message"]
    assert answer["next_step"]
