"""Things that tests need, each with what matters left to say."""

from datetime import UTC, datetime
from uuid import uuid4

from shared.trace import Trace

TUESDAY_AT_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def a_trace(*, at: datetime = TUESDAY_AT_TEN, actor: str = "tests/system") -> Trace:
    return Trace(correlation_id=uuid4(), causation_id=uuid4(), actor=actor, at=at)
