"""A clock that stands still until a test moves it, and the gateway's own database."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.database import open_sessions

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.at = MORNING

    def now(self):
        return self.at

    def wait(self, **how_long):
        self.at += timedelta(**how_long)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def transactions(emptied, engines):
    emptied("gateway")
    return open_sessions(engines("gateway"))
