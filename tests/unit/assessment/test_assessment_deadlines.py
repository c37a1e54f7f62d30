"""Working days, and when something is late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.dates import is_working_day, working_days_after
from services.assessment.deadlines.rules import WORDS, Stage, is_late

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31))


def test_christmas_boxing_day_and_the_weekend_are_no_working_days():
    assert working_days_after(date(2026, 12, 24), working_days=1) == date(2026, 12, 29)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 4),  # early May
        date(2026, 8, 31),  # summer, which Scotland has at its beginning
        date(2026, 12, 28),  # instead of Boxing Day, a Saturday
        date(2023, 5, 8),  # proclaimed for the coronation
    ],
)
def test_englands_bank_holidays_are_no_working_days(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 3, 17), date(2026, 8, 3), date(2026, 11, 30)])
def test_holidays_of_other_nations_are_working_days(day):
    assert is_working_day(day)


@given(day=DAYS, working_days=st.integers(min_value=1, max_value=60))
def test_a_date_in_working_days_is_one_and_has_so_many_before_it(day, working_days):
    due = working_days_after(day, working_days=working_days)

    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert is_working_day(due)
    assert sum(is_working_day(one) for one in between) == working_days


def test_what_is_due_on_a_day_is_late_on_the_next():
    due_on = date(2026, 12, 1)

    assert not is_late(due_on=due_on, today=due_on)
    assert is_late(due_on=due_on, today=date(2026, 12, 2))


def test_every_stage_says_what_is_to_be_done():
    assert set(WORDS) == set(Stage)
    assert all(len(stage) <= 32 for stage in Stage)
