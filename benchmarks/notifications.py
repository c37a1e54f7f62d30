"""How fast messages reach the provider: many that wait, and single ones from their event on.

The rate is that of one errands process with eight workers, receipts coming back meanwhile. The
time of a single message runs from the commit of its event in assessment's outbox to the moment at
which the provider's simulator takes the text: in an open loop, outside quiet hours.
"""

import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import requests
from sqlalchemy import Engine, Executable, text
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.messaging import running
from deploy.local import health
from deploy.local.processes import BY_NAME
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until
from services.notifications.people.models import Person
from services.notifications.people.rules import Channel
from shared import clock
from shared.contracts.assessment.referrals import ReferralReceived
from shared.database import open_engine, open_sessions
from shared.messaging import outbox, wake
from shared.observability import logs
from shared.trace import Trace

WORKERS = 8
WAITING = 2_000
PER_SECOND = 5
SECONDS = 30
COLD = 25  # those who come first find everything cold
PATIENCE_SECONDS = 240.0
MOBILES = 1_000  # in the range that is kept for drama
# The provider's own limit would be what is measured.
NO_LIMITS = {"NOTIFY_RATE_LIMIT": "10000000", "NOTIFY_RATE_BURST": "1000000"}

_WAITING = text("SELECT count(*) FROM errands WHERE state = 'waiting'")
_DONE = text("SELECT count(*) FROM errands WHERE state = 'done'")
_RATE = text("""
    SELECT count(*) / extract(epoch FROM max(ended_at) - min(began_at))
    FROM errand_attempts WHERE outcome = 'done'
""")


def measure() -> dict[str, float]:
    """Measure on servers of its own, which end with it."""
    logs.configure(process="benchmark")
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        with _surroundings(stack) as edge:
            return {
                "notifications.sends_per_s": edge.send_rate(),
                "notifications.event_to_sms_p50_ms": edge.event_to_sms_ms(),
            }
    finally:
        stack.stop(politely=False)


class Edge:
    """Both ends of a message: assessment that tells of it, and the provider that takes it."""

    def __init__(
        self, stack: Stack, *, assessment: sessionmaker[Session], notifications: Engine
    ) -> None:
        self._stack = stack
        self._assessment = assessment
        self._notifications = notifications
        self._inbox_url = f"{stack.environment()['DEMO_NOTIFY_URL']}/_inbox.json"

    def send_rate(self) -> float:
        """Let messages wait for want of an errands process, start one, and take its time."""
        for person_id in self._settle(WAITING):
            self._tell(person_id)
        self._wait_for(_WAITING)
        with _errands(self._stack):
            self._wait_for(_DONE)
        return float(self._look(_RATE))

    def event_to_sms_ms(self) -> float:
        """Commit events at a rate, whether or not those before are sent; take the median time."""
        before = len(self._inbox())
        committed_at: dict[str, float] = {}
        people = self._settle(COLD + PER_SECOND * SECONDS)
        with _errands(self._stack):
            began_at = time.perf_counter()
            for number, (person_id, mobile) in enumerate(people.items()):
                time.sleep(max(0.0, began_at + number / PER_SECOND - time.perf_counter()))
                self._tell(person_id)
                committed_at[mobile] = time.time()
            _see(lambda: len(self._inbox()) == before + len(people))
        taken_at = {one["to"]: _seconds(one["created_at"]) for one in self._inbox()[before:]}
        took = [taken_at[mobile] - at for mobile, at in committed_at.items()]
        return statistics.median(took[COLD:]) * 1_000

    def _settle(self, how_many: int) -> Mapping[UUID, str]:
        """Let so many people more be known who are texted; returns each one's number."""
        mobiles = {uuid4(): f"07700 900{number % MOBILES:03}" for number in range(how_many)}
        with Session(self._notifications) as session:
            session.add_all(_person(person_id, mobile) for person_id, mobile in mobiles.items())
            session.commit()
        return mobiles

    def _tell(self, person_id: UUID) -> None:
        event = ReferralReceived(
            occurred_at=clock.now(),
            referral_id=uuid4(),
            person_id=person_id,
            source="nhs",
            organisation=None,
            answer_due_on=date(2027, 1, 12),
        )
        story = uuid4()
        trace = Trace(
            correlation_id=story, causation_id=story, actor="benchmark", at=event.occurred_at
        )
        with self._assessment.begin() as session:
            outbox.add(session, event, trace=trace)

    def _wait_for(self, counting: Executable) -> None:
        _see(lambda: self._look(counting) == WAITING)

    def _look(self, asked: Executable) -> Any:
        with self._notifications.connect() as connection:
            return connection.scalar(asked)

    def _inbox(self) -> Sequence[Mapping[str, str]]:
        found: list[dict[str, str]] = requests.get(self._inbox_url, timeout=30).json()
        return found


@contextmanager
def _surroundings(stack: Stack) -> Iterator[Edge]:
    """Run what a message passes, but for the errands, whose workers are measured."""
    places = {
        "notify": stack.environment()["DEMO_NOTIFY_URL"],
        "notifications-web": stack.process_environment("notify")["NOTIFY_CALLBACK_URL"],
    }
    assessment = stack.process_environment("assessment")
    os.environ |= stack.process_environment("notifications")  # whose keys people are sealed with
    told = open_engine(assessment["COMMONPURSE_DATABASE_URL"], pool_size=1)
    sessions = open_sessions(told)
    directory = assessment["COMMONPURSE_WAKE_DIR"]
    wake.nudge_after_commit(sessions, directory=directory, service="assessment")
    owner = stack.migration_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    known = open_engine(owner, pool_size=1)
    with ExitStack() as programs:
        for name in ("assessment-relay", "notifications"):
            programs.enter_context(_program(stack, name))
        for name, url in places.items():
            port = urlsplit(url).port or 0
            programs.enter_context(_program(stack, name, port=port, **NO_LIMITS))
            _see(partial(health.answers_http, port))
        answers = partial(health.answers_calls, "notifications", environment=stack.environment())
        _see(answers)
        yield Edge(stack, assessment=sessions, notifications=known)
    told.dispose()
    known.dispose()


def _errands(stack: Stack) -> AbstractContextManager[int]:
    return _program(stack, "notifications-errands", COMMONPURSE_ERRAND_WORKERS=str(WORKERS))


def _program(
    stack: Stack, name: str, *, port: int | None = None, **more: str
) -> AbstractContextManager[int]:
    _, module, *arguments = BY_NAME[name].command(port=port)
    return running(stack, name, module, *arguments, **more)


def _person(person_id: UUID, mobile: str) -> Person:
    return Person(
        person_id=person_id,
        version=1,
        given_name="Alex",
        family_name="Sample",
        language="en",
        is_interpreter_required=False,
        accessible_format=None,
        mobile=mobile,
        email=None,
        address_lines=[],
        preferred_channel=Channel.SMS,
        is_safe_to_text=True,
    )


def _seconds(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()


def _see(is_true: Any) -> None:
    if not wait_until(is_true, patience_seconds=PATIENCE_SECONDS):
        raise RuntimeError("What is measured did not come about.")
