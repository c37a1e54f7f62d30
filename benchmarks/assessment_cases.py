"""How long it takes to be told where a case is, with a hundred thousand cases stored.

Each case has three open deadlines and three that were met, written in no order of cases, as they
come in life. All cases are one person's, of whom nothing is read. What is timed is the service's
own query in a transaction of its own, as an entrypoint has it; neither the broker nor JSON.
"""

import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Column, Date, DateTime, Engine, Enum, Integer, Uuid, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from deploy.local.stack import Stack
from services.assessment.deadlines import queries
from services.assessment.deadlines.commands import WhereIsItAsked
from services.assessment.people.models import Person
from services.assessment.referrals.models import Referral
from shared import clock
from shared.database import open_engine

CASES = 100_000
TIMES = 2_000
OPEN_STAGES = ("decision", "review", "amount_told")
_AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
_COPY_REFERRAL = text("""
    INSERT INTO referrals
    SELECT (jsonb_populate_record(one, jsonb_build_object('referral_id', gen_random_uuid()))).*
    FROM referrals AS one, generate_series(2, :cases)
""")
_DEADLINES = text("""
    INSERT INTO deadlines (deadline_id, referral_id, stage, about_id, role, since, due_on, met_at)
    SELECT gen_random_uuid(), referral_id, stage, gen_random_uuid(), 'care_coordinator', :at,
           CAST(:at AS date) + (random() * 60)::integer, met_at
    FROM referrals, unnest(CAST(:stages AS text[])) AS stage,
         unnest(ARRAY[NULL, CAST(:at AS timestamptz)]) AS met_at
    ORDER BY random()
""")


def figures() -> dict[str, float]:
    """Measure on servers of its own, which end with it."""
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return measure(stack)
    finally:
        stack.stop(politely=False)


def measure(stack: Stack) -> dict[str, float]:
    """Store the cases, and ask of many of them, one after another, where they are."""
    with _owner(stack) as owner:
        _fill(owner)
        with owner.connect() as connection:
            referral_ids = list(connection.scalars(text("SELECT referral_id FROM referrals")))
    engine = open_engine(
        stack.process_environment("assessment")["COMMONPURSE_DATABASE_URL"], pool_size=1
    )
    chosen = random.Random(1).choices(referral_ids, k=TIMES)  # noqa: S311 - no secret
    took_ms = [_ask_ms(engine, referral_id) for referral_id in chosen]
    engine.dispose()
    return {
        "assessment.where_is_it_ms": statistics.median(took_ms),
        "assessment.where_is_it_p99_ms": statistics.quantiles(took_ms, n=100)[98],
    }


@contextmanager
def _owner(stack: Stack) -> Iterator[Engine]:
    url = stack.migration_environment("assessment")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1, options="-c statement_timeout=0")
    yield engine
    engine.dispose()


def _fill(owner: Engine) -> None:
    with owner.begin() as connection:
        person = _row(Person.__table__.columns)
        connection.execute(insert(Person).values(person))
        referral = _row(Referral.__table__.columns) | {
            "person_id": person["person_id"],
            "organisation": "nhs-trust",
        }
        connection.execute(insert(Referral).values(referral))
        connection.execute(_COPY_REFERRAL, {"cases": CASES})
        connection.execute(_DEADLINES, {"at": _AT, "stages": list(OPEN_STAGES)})
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE referrals, deadlines"))


def _row(columns: Any) -> dict[str, Any]:
    """Return a row that a table takes, whatever it has columns of."""
    return {
        column.name: None if column.nullable else _some_value(column)
        for column in columns
        if column.computed is None
    }


def _some_value(column: Column[Any]) -> Any:
    if isinstance(column.type, Enum):
        return column.type.enum_class(column.type.enums[0]) if column.type.enum_class else "x"
    by_type: dict[type, Any] = {
        Uuid: uuid4(),
        Boolean: True,
        Integer: 1,
        DateTime: _AT,
        Date: date(2026, 11, 24),
        JSONB: [],
    }
    return next((value for kind, value in by_type.items() if isinstance(column.type, kind)), "x")


def _ask_ms(engine: Engine, referral_id: UUID) -> float:
    """Ask once, and return how long it took.

    Raises:
        AssertionError: what was read quickly is not true; the figures are worth nothing then.
    """
    began = time.perf_counter()
    with Session(engine) as session:
        found = queries.where_is_it(WhereIsItAsked(referral_id=referral_id), session=session)
    took_ms = (time.perf_counter() - began) * 1000
    if sorted(one["stage"] for one in found) != sorted(OPEN_STAGES):
        raise AssertionError(found)
    return took_ms
