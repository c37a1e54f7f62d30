"""Runs the errands of one service: ``python -m operations.errand_runner <service>``."""

import importlib
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from types import ModuleType
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging import crash, wake
from shared.messaging.errands import (
    OUT_OF_TRIES,
    WORKERS,
    Kind,
    NotSentError,
    OutcomeUnknownError,
    RefusedOutsideError,
)
from shared.messaging.holding import holding
from shared.messaging.stopping import stop_on_signal
from shared.messaging.tables import DUE, ErrandState
from shared.observability import logs, probes, spans
from shared.settings import ServiceSettings
from shared.trace import Trace

SHORTEST_LEASE_SECONDS = 60  # longer than a call takes, unless its service says otherwise
SPARE_SECONDS = 30  # for what a worker does beside its call
# Seconds before each next try: about ten hours in all, then somebody has to look.
DELAYS = (0.5, 1, 5, 30, 120, 600, 1800, 3600, 7200, 7200, 7200, 7200)
PAUSE_WHILE_AWAY_SECONDS = 2.0

_CLAIM = text(f"""
    WITH due AS (
        SELECT errand_id AS claimed_id, state AS claimed_state FROM errands
        WHERE {DUE} AND next_attempt_at <= clock_timestamp()
        ORDER BY next_attempt_at LIMIT :limit FOR UPDATE SKIP LOCKED),
    claimed AS (
        UPDATE errands SET
            state = CASE state WHEN 'waiting' THEN 'calling' ELSE 'unknown' END,
            attempts = attempts + 1,
            next_attempt_at = clock_timestamp() + make_interval(secs => :lease_seconds)
        FROM due WHERE errand_id = claimed_id
        RETURNING errand_id, kind, arguments, correlation_id, causation_id, actor, traceparent,
                  attempts, claimed_state),
    begun AS (
        INSERT INTO errand_attempts (errand_id, attempt, began_at)
        SELECT errand_id, attempts, clock_timestamp() FROM claimed)
    SELECT * FROM claimed
""")  # noqa: S608  # nosec B608  # words of our own
_SETTLE = text("""
    WITH settled AS (
        UPDATE errands SET state = :state, last_error = :reason,
            arguments = CASE WHEN :state = 'done' THEN '{}' ELSE arguments END,  -- may hold names
            next_attempt_at = clock_timestamp() + make_interval(secs => :seconds)
        WHERE errand_id = :errand_id AND attempts = :attempts AND state IN ('calling', 'unknown')
        RETURNING errand_id, attempts),
    ended AS (
        UPDATE errand_attempts AS a
        SET ended_at = clock_timestamp(), outcome = :state, reason = :reason
        FROM settled WHERE (a.errand_id, a.attempt) = (settled.errand_id, settled.attempts))
    SELECT errand_id FROM settled
""")

log = structlog.get_logger()


def _not_ours_yet(*_errand: Any) -> None:
    """Leave an errand to the release that brought it."""
    raise OutcomeUnknownError


def _nobody_to_tell(*_errand: Any, **_how: Any) -> None:
    """There is nobody who knows what this errand was for."""


# An errand that another release wrote: it waits for its runner, and fails if none comes.
UNKNOWN_KIND = Kind(
    call=_not_ours_yet, enquire=_not_ours_yet, record=_nobody_to_tell, give_up=_nobody_to_tell
)


class ErrandRunner:
    """Runs the errands of one service, several at a time."""

    def __init__(
        self,
        *,
        service: str,
        settings: ServiceSettings,
        kinds: Mapping[str, Kind],
        lease_seconds: float = SHORTEST_LEASE_SECONDS,
    ) -> None:
        engine = open_engine(settings.database_url, pool_size=WORKERS + 1)
        self._sessions: sessionmaker[Session] = open_sessions(engine)
        wake.nudge_after_commit(self._sessions, directory=settings.wake_directory, service=service)
        self._nudge = partial(wake.nudge, settings.wake_directory, f"{service}-errands")
        self._alarm = wake.Alarm(directory=settings.wake_directory, name=f"{service}-errands")
        self._kinds = kinds
        self._lease_seconds = lease_seconds
        self._running: set[Future[None]] = set()
        self._is_full = False
        self._is_stopping = False

    def stop(self) -> None:
        self._is_stopping = True
        self._nudge()

    def run(self) -> None:
        """Run until somebody stops us; then finish the calls that are under way."""
        probes.serve({"database": partial(probes.database_answers, self._sessions.begin)})
        with ThreadPoolExecutor(WORKERS) as workers:
            while not self._is_stopping:
                probes.tick()
                self._running = {one for one in self._running if not one.done()}
                free = WORKERS - len(self._running)
                try:
                    claimed = self._claim(free)
                except DBAPIError:
                    log.warning("errands_interrupted", exc_info=True)
                    claimed = []
                    self._alarm.wait(PAUSE_WHILE_AWAY_SECONDS)
                self._is_full = len(claimed) == free
                for errand in claimed:
                    self._running.add(workers.submit(self._run_one, errand))
                self._alarm.wait()

    def _claim(self, limit: int) -> Sequence[Any]:
        if limit == 0:
            return []
        with self._sessions.begin() as session:
            how = {"limit": limit, "lease_seconds": self._lease_seconds}
            return session.execute(_CLAIM, how).all()

    def _run_one(self, errand: Any) -> None:
        logs.bind_story(errand)
        try:
            outcome = self._attempt(errand)
            log.info("errand_run", kind=errand.kind, outcome=outcome, attempts=errand.attempts)
        except Exception:
            # Its lease ends, and it is then enquired about.
            log.exception("errand_not_recorded", kind=errand.kind)
        finally:
            if self._is_full:  # there may be more than we could take
                self._nudge()

    def _attempt(self, errand: Any) -> str:
        kind = self._kinds.get(errand.kind, UNKNOWN_KIND)
        crash.point("errand.claimed")
        is_first_call = errand.claimed_state == ErrandState.WAITING
        trace, name = _trace_of(errand), f"run {errand.kind}"
        span = spans.span("CLIENT", name, place="errands", message_id=errand.errand_id, trace=trace)
        try:
            with span:
                answer = (kind.call if is_first_call else kind.enquire)(
                    errand.errand_id, errand.arguments
                )
        except RefusedOutsideError as refusal:
            return self._give_up(errand, kind, refusal.reason)
        except NotSentError as error:
            return self._again(errand, kind, ErrandState.WAITING, error)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the call may have worked
            return self._again(errand, kind, ErrandState.UNKNOWN, error)
        crash.point("errand.called")
        if answer is None and not is_first_call:  # it is known now: there is no more to wait for
            return self._again(errand, kind, ErrandState.WAITING, NotSentError(), is_at_once=True)
        return self._record(errand, kind, answer)

    def _record(self, errand: Any, kind: Kind, answer: Any) -> str:
        """Store what came of the call. If that cannot be done now, it is enquired about later."""
        record = partial(kind.record, answer, errand.arguments)
        try:
            self._settle(errand, ErrandState.DONE, None, record)
        except Exception as error:
            log.exception("errand_not_recorded", kind=errand.kind)
            return self._again(errand, kind, ErrandState.UNKNOWN, error)
        return "done"

    def _again(
        self,
        errand: Any,
        kind: Kind,
        state: ErrandState,
        error: Exception,
        *,
        is_at_once: bool = False,
    ) -> str:
        if errand.attempts > len(DELAYS):
            return self._give_up(errand, kind, OUT_OF_TRIES)
        delay = DELAYS[0 if is_at_once else errand.attempts - 1]
        seconds = delay * random.uniform(0.8, 1.2)  # noqa: S311  # nosec B311  # a delay, no secret
        cause = error.__cause__ or error
        reason = f"{type(error).__name__} for {type(cause).__name__} at {logs.where(error)}"
        log.warning("errand_not_done", kind=errand.kind, reason=reason)
        self._settle(errand, state, reason, None, seconds=seconds)
        return state.value

    def _give_up(self, errand: Any, kind: Kind, reason: str) -> str:
        """End an errand that will not be done; if even that cannot be told, end it all the same."""
        give_up = partial(kind.give_up, reason, errand.arguments)
        try:
            self._settle(errand, ErrandState.FAILED, reason, give_up)
        except Exception:
            log.exception("errand_not_given_up", kind=errand.kind, reason=reason)
            self._settle(errand, ErrandState.FAILED, reason, None)
        return f"failed:{reason}"

    def _settle(
        self,
        errand: Any,
        state: ErrandState,
        reason: str | None,
        record: Callable[..., None] | None,
        *,
        seconds: float = 0,
    ) -> None:
        """Store the outcome, unless another worker took the errand when our lease had ended."""
        trace = _trace_of(errand)

        def settle() -> None:
            with self._sessions.begin() as session:
                settled = session.execute(
                    _SETTLE,
                    {
                        "state": state.value,
                        "reason": reason,
                        "seconds": seconds,
                        "errand_id": errand.errand_id,
                        "attempts": errand.attempts,
                    },
                )
                if settled.first() is not None and record is not None:
                    record(session=session, trace=trace)
                crash.point("errand.recorded")

        holding(settle, is_stopping=lambda: self._is_stopping)
        crash.point("errand.settled")


def _trace_of(errand: Any) -> Trace:
    return Trace(
        correlation_id=errand.correlation_id,
        causation_id=errand.errand_id,
        actor=errand.actor,
        at=clock.now(),
        traceparent=errand.traceparent,
    )


def lease_seconds(errands: ModuleType) -> float:
    """Return how long a call is left alone: longer than the longest call that a service makes.

    One that lasted beyond its lease would be enquired about, or made again, while it goes on.

    Args:
        errands: the service's. ``longest_call_seconds()`` is there if 60 s may not be enough.
    """
    if not hasattr(errands, "longest_call_seconds"):
        return SHORTEST_LEASE_SECONDS
    return max(SHORTEST_LEASE_SECONDS, errands.longest_call_seconds() + SPARE_SECONDS)


def main(arguments: Sequence[str]) -> int:
    (service,) = arguments
    logs.configure(process=f"{service}-errands")
    spans.configure(process=f"{service}-errands")
    errands = importlib.import_module(f"services.{service}.errands")
    kinds = errands.kinds()  # a service says here which of its own settings cannot be used
    runner = ErrandRunner(
        service=service,
        settings=ServiceSettings.from_environment(),
        kinds=kinds,
        lease_seconds=lease_seconds(errands),
    )
    stop_on_signal(runner.stop)
    runner.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
