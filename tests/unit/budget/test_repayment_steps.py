"""A repayment's steps: in their order, with notice, and what comes next is always said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.agreements.rules import BudgetEndedError, see_that_it_goes_on
from services.budget.ending.rules import EndAheadError, see_that_it_has_happened
from services.budget.repayment.rules import (
    BEFORE,
    OVER,
    STANDS_IN_THE_WAY,
    Ground,
    GroundNotSoError,
    NoticeNotExpiredError,
    NoticeTooShortError,
    RepaymentState,
    notice_ends_on,
    payable_on,
    see_that_ground_fits,
    see_that_it_can_become,
    see_that_notice_is_over,
)

TUESDAY = date(2026, 11, 24)
every_state = st.sampled_from(RepaymentState)


@given(every_state, st.sampled_from(sorted(BEFORE)))
def test_a_step_is_taken_or_it_is_said_what_comes_next(state, wanted):
    if state in BEFORE[wanted]:
        see_that_it_can_become(state, wanted)
        return
    with pytest.raises(STANDS_IN_THE_WAY[state]) as refused:
        see_that_it_can_become(state, wanted)
    assert refused.value.as_answer()["next_step"]


def test_nobody_is_paid_before_notice_and_confirmation_on_any_way():
    assert BEFORE[RepaymentState.POSTED] == {RepaymentState.CONFIRMED}
    assert RepaymentState.PROPOSED not in BEFORE[RepaymentState.CONFIRMED]
    assert RepaymentState.RECONSIDERING not in BEFORE[RepaymentState.CONFIRMED]


def test_what_is_over_stays_so():
    assert not any(OVER & before for before in BEFORE.values())


def test_each_state_has_a_code_of_its_own_that_stands_in_the_way():
    codes = [refusal.code for refusal in STANDS_IN_THE_WAY.values()]

    assert STANDS_IN_THE_WAY.keys() == set(RepaymentState)
    assert len(set(codes)) == len(codes)


def test_notice_is_counted_in_weeks_and_two_are_the_least():
    assert notice_ends_on(notified_on=TUESDAY, notice_weeks=3) == date(2026, 12, 15)
    assert notice_ends_on(notified_on=TUESDAY, notice_weeks=2) == date(2026, 12, 8)
    with pytest.raises(NoticeTooShortError):
        notice_ends_on(notified_on=TUESDAY, notice_weeks=1)


def test_nothing_is_payable_before_the_notice_is_over():
    assert payable_on(None, notice_ends_on=TUESDAY) == TUESDAY
    assert payable_on(TUESDAY, notice_ends_on=TUESDAY) == TUESDAY
    with pytest.raises(NoticeTooShortError):
        payable_on(TUESDAY - timedelta(days=1), notice_ends_on=TUESDAY)


def test_notice_is_over_on_the_day_on_which_it_ends():
    see_that_notice_is_over(ends_on=TUESDAY, today=TUESDAY)
    with pytest.raises(NoticeNotExpiredError):
        see_that_notice_is_over(ends_on=TUESDAY, today=TUESDAY - timedelta(days=1))


@pytest.mark.parametrize("ground", Ground)
def test_a_ground_that_follows_from_an_end_needs_that_end(ground):
    see_that_ground_fits(ground, has_ended=True, has_died=True)
    if ground is Ground.DIED:
        with pytest.raises(GroundNotSoError):
            see_that_ground_fits(ground, has_ended=True, has_died=False)
    elif ground is Ground.ENDED:
        with pytest.raises(GroundNotSoError):
            see_that_ground_fits(ground, has_ended=False, has_died=False)
    else:
        see_that_ground_fits(ground, has_ended=False, has_died=False)


def test_a_budget_goes_on_until_the_day_on_which_it_ends():
    see_that_it_goes_on(ends_on=None, on=TUESDAY)
    see_that_it_goes_on(ends_on=TUESDAY, on=TUESDAY - timedelta(days=1))
    with pytest.raises(BudgetEndedError):
        see_that_it_goes_on(ends_on=TUESDAY, on=TUESDAY)


def test_nobody_is_said_to_have_died_on_a_day_that_is_yet_to_come():
    see_that_it_has_happened(ends_on=TUESDAY, today=TUESDAY)
    with pytest.raises(EndAheadError):
        see_that_it_has_happened(ends_on=TUESDAY + timedelta(days=1), today=TUESDAY)
