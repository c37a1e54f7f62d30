"""When it is quiet, by the clock in London."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.choices.bank_holidays import bank_holidays
from services.notifications.choices.rules import Hours, OpenHours, next_opening, next_safe

USUAL = OpenHours()
BOXING_DAY_OBSERVED = date(2026, 12, 28)  # a Monday


def utc(*when):
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (utc(2026, 11, 24, 8, 0), None),  # a Tuesday in winter
        (utc(2026, 11, 24, 19, 59), None),
        (utc(2026, 11, 24, 20, 0), utc(2026, 11, 25, 8)),
        (utc(2026, 11, 24, 23, 0), utc(2026, 11, 25, 8)),
        (utc(2026, 11, 25, 7, 59), utc(2026, 11, 25, 8)),
        (utc(2026, 6, 30, 7, 0), None),  # in summer eight is seven in UTC
        (utc(2026, 6, 30, 6, 59), utc(2026, 6, 30, 7)),
        (utc(2026, 6, 30, 19, 0), utc(2026, 7, 1, 7)),
        (utc(2026, 11, 27, 21, 0), utc(2026, 11, 28, 9)),  # into a Saturday
        (utc(2026, 11, 28, 8, 30), utc(2026, 11, 28, 9)),
        (utc(2026, 11, 28, 17, 59), None),
        (utc(2026, 11, 28, 18, 0), utc(2026, 11, 29, 9)),
        (utc(2026, 11, 29, 18, 0), utc(2026, 11, 30, 8)),  # out of a Sunday
        (utc(2026, 12, 28, 8, 30), utc(2026, 12, 28, 9)),  # a bank holiday
        (utc(2026, 12, 28, 19, 0), utc(2026, 12, 29, 8)),
        (utc(2026, 10, 24, 20, 0), utc(2026, 10, 25, 9)),  # the night of 25 hours
        (utc(2026, 3, 28, 20, 0), utc(2026, 3, 29, 8)),  # and of 23
    ],
)
def test_it_is_quiet_at_night_and_longer_on_free_days(at, opens):
    assert next_opening(USUAL, at=at, bank_holidays={BOXING_DAY_OBSERVED}) == opens


def test_somebodys_own_hours_count_instead():
    hours = Hours(opens=14, closes=16)
    own = OpenHours(weekdays=hours, free_days=hours)

    assert next_opening(own, at=utc(2026, 11, 24, 15), bank_holidays=()) is None
    opens = next_opening(own, at=utc(2026, 11, 24, 16), bank_holidays=())
    assert opens == utc(2026, 11, 25, 14)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    opens=st.integers(0, 23),
    length=st.integers(1, 24),
)
def test_an_opening_is_within_two_days_and_open(at, opens, length):
    hours = Hours(opens=opens, closes=min(opens + length, 24))
    own = OpenHours(weekdays=hours)
    found = next_opening(own, at=at, bank_holidays=bank_holidays())

    if found is not None:
        assert at < found <= at + timedelta(days=2)
        assert next_opening(own, at=found, bank_holidays=bank_holidays()) is None


def test_the_bank_holidays_on_file_are_weekdays_of_three_years():
    days = bank_holidays()

    assert {day.year for day in days} == {2026, 2027, 2028}
    assert len(days) == 8 * 3
    assert all(day.weekday() < 5 for day in days)
    assert BOXING_DAY_OBSERVED in days


@pytest.mark.parametrize(
    ("hours", "at", "safe_again"),
    [
        (("09:30", "15:00"), utc(2026, 11, 24, 9, 30), None),
        (("09:30", "15:00"), utc(2026, 11, 24, 14, 59), None),
        (("09:30", "15:00"), utc(2026, 11, 24, 9, 29), utc(2026, 11, 24, 9, 30)),
        (("09:30", "15:00"), utc(2026, 11, 24, 15, 0), utc(2026, 11, 25, 9, 30)),
        (("09:30", "15:00"), utc(2026, 6, 30, 8, 30), None),  # half past nine in summer
        (("22:00", "06:00"), utc(2026, 11, 24, 23, 0), None),  # over midnight
        (("22:00", "06:00"), utc(2026, 11, 25, 5, 59), None),
        (("22:00", "06:00"), utc(2026, 11, 24, 12, 0), utc(2026, 11, 24, 22, 0)),
    ],
)
def test_contact_is_safe_between_the_hours_that_the_person_gave(hours, at, safe_again):
    assert next_safe(*hours, at=at) == safe_again
