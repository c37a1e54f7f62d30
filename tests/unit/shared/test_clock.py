"""The suite's time."""

from datetime import UTC, datetime, timedelta

import pytest

from shared import clock

NEARLY = timedelta(seconds=5)
SETTING = "COMMONPURSE_CLOCK_OFFSET_SECONDS"


@pytest.fixture(autouse=True)
def _nobody_set_the_clock(monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.delenv("COMMONPURSE_ENVIRONMENT", raising=False)


def at(monkeypatch, *moment):
    monkeypatch.setattr(clock, "system_time", lambda: datetime(*moment, tzinfo=UTC))


def test_a_clock_that_nobody_set_shows_the_real_time_in_utc():
    assert clock.now() - datetime.now(UTC) < NEARLY  # noqa: TID251 - what it is compared with
    assert clock.now().utcoffset() == timedelta(0)


def test_a_clock_can_be_set_for_a_whole_stack(monkeypatch):
    at(monkeypatch, 2026, 5, 4, 12)
    monkeypatch.setenv(SETTING, str(clock.offset_seconds_to(datetime(2026, 11, 24, tzinfo=UTC))))

    assert clock.now() == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_clock_that_is_set_stops_everything_in_production(monkeypatch):
    monkeypatch.setenv("COMMONPURSE_ENVIRONMENT", "production")
    clock.now()
    monkeypatch.setenv(SETTING, "60")

    with pytest.raises(clock.ClockSetInProductionError):
        clock.now()


@pytest.mark.parametrize(
    ("today", "tuesday_in_utc"),
    [
        ((2026, 11, 23, 9), (2026, 11, 24, 10)),
        ((2026, 11, 24, 9), (2026, 11, 24, 10)),
        ((2026, 11, 24, 23), (2026, 11, 24, 10)),
        ((2026, 11, 25, 9), (2026, 12, 1, 10)),
        ((2026, 7, 6, 23, 30), (2026, 7, 7, 9)),  # Tuesday in London already; summer time
        ((2026, 3, 28, 9), (2026, 3, 31, 9)),  # the clocks go forward in between
    ],
)
def test_a_run_starts_at_ten_in_london_on_a_tuesday(monkeypatch, today, tuesday_in_utc):
    at(monkeypatch, *today)

    assert clock.next_tuesday_at_ten() == datetime(*tuesday_in_utc, tzinfo=UTC)
