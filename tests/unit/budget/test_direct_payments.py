"""When direct payments are due."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.direct_payments import rules
from services.budget.direct_payments.rules import (
    NotDueYetError,
    Recurrence,
    ScheduleBeforeNewestError,
    ScheduleDatesWrongError,
)

NHS, COUNCIL = UUID(int=1), UUID(int=2)
FIRST = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [
        (Recurrence.WEEK, ["2027-01-31", "2027-02-07", "2027-02-14"]),
        (Recurrence.FOUR_WEEKS, ["2027-01-31", "2027-02-28", "2027-03-28"]),
        (Recurrence.MONTH, ["2027-01-31", "2027-02-28", "2027-03-31"]),
    ],
)
def test_periods_follow_one_another_from_the_day_a_schedule_starts(recurrence, days):
    starts = [rules.period_start(FIRST, recurrence, number) for number in range(3)]

    assert [day.isoformat() for day in starts] == days


def test_a_month_is_counted_over_the_end_of_a_year_and_in_a_leap_year():
    assert rules.period_start(FIRST, Recurrence.MONTH, 12) == date(2028, 1, 31)
    assert rules.period_start(FIRST, Recurrence.MONTH, 13) == date(2028, 2, 29)
    assert rules.period_start(FIRST, Recurrence.MONTH, 11) == date(2027, 12, 31)


@given(
    starts_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    recurrence=st.sampled_from(Recurrence),
    days=st.integers(1, 800),
    on=st.integers(-10, 800),
)
def test_what_is_due_is_every_period_that_has_begun_and_no_other(starts_on, recurrence, days, on):
    ends_on, day = starts_on + timedelta(days=days), starts_on + timedelta(days=on)

    due = list(rules.due_periods(starts_on, recurrence, ends_on=ends_on, on=day))

    assert due == sorted(set(due))
    assert all(starts_on <= start <= day and start < ends_on for start in due)
    after = rules.period_start(starts_on, recurrence, len(due))
    assert after > day or after >= ends_on


def test_a_payment_of_a_period_has_one_id():
    assert rules.payment_id(NHS, FIRST) == rules.payment_id(NHS, FIRST)
    assert rules.payment_id(NHS, FIRST) != rules.payment_id(COUNCIL, FIRST)
    assert rules.payment_id(NHS, FIRST) != rules.payment_id(NHS, date(2027, 2, 28))


def test_a_schedule_has_days_and_follows_the_one_before():
    later = FIRST + timedelta(days=1)
    rules.see_that_dates_follow(starts_on=FIRST, ends_on=later, newest_starts_on=None)
    rules.see_that_dates_follow(starts_on=later, ends_on=date(2028, 1, 1), newest_starts_on=FIRST)

    with pytest.raises(ScheduleDatesWrongError):
        rules.see_that_dates_follow(starts_on=FIRST, ends_on=FIRST, newest_starts_on=None)
    with pytest.raises(ScheduleBeforeNewestError):
        rules.see_that_dates_follow(starts_on=FIRST, ends_on=later, newest_starts_on=FIRST)


def test_a_day_that_has_not_come_is_refused():
    rules.see_that_it_has_come(FIRST, today=FIRST)
    with pytest.raises(NotDueYetError):
        rules.see_that_it_has_come(FIRST, today=FIRST - timedelta(days=1))
