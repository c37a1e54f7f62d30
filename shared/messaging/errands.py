"""Errands: calls to the outside, each a row written in the transaction that needs it.

A worker claims a row, commits the attempt and its lease, calls with the row's id as
idempotency key, and records the outcome. No transaction is open during a call. An outcome
that is unknown is enquired about before anything is sent again.
``python -m shared.messaging.errands <service>``
"""

import importlib
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging import wake
from shared.messaging.holding import holding
from shared.messaging.tables import Errand, ErrandState
from shared.observability import logs
from shared.settings import ServiceSettings
from shared.trace import Trace

WORKERS = 6  # calls at once
LEASE_SECONDS = 60  # longer than any call may take
TRIES = 12  # about six hours with the backoff below

_CLAIM = text("""
    UPDATE errands SET
        state = CASE state WHEN 'waiting' THEN 'calling' ELSE 'unknown' END,
        attempts = attempts + 1,
        next_attempt_at = clock_timestamp() + make_interval(secs => :lease_seconds)
    FROM (SELECT errand_id AS claimed_id, state AS claimed_state FROM errands
          WHERE state IN ('waiting', 'calling', 'unknown')
            AND next_attempt_at <= clock_timestamp()
          ORDER BY next_attempt_at LIMIT :limit FOR UPDATE SKIP LOCKED) AS due
    WHERE errand_id = claimed_id
    RETURNING errand_id, kind, arguments, correlation_id, causation_id, actor, attempts,
              claimed_state
""")
_SETTLE = text("""
    UPDATE errands SET state = :state, last_error = :reason,
        next_attempt_at = clock_timestamp() + make_interval(secs => :seconds)
    WHERE errand_id = :errand_id AND attempts = :attempts AND state IN ('calling', 'unknown')
    RETURNING errand_id
""")

log = structlog.get_logger()


class RefusedOutsideError(Exception):
    """The other side understood and will never do it; ``reason`` is a word of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSentError(Exception):
    """The call certainly had no effect: it may be made again."""


class OutcomeUnknownError(Exception):
    """The call may have had its effect: enquire before anything else."""


Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of errand and how it is done.

    ``call(errand_id, arguments)`` does it and returns what ``record`` needs; it raises one of
    the three errors above. ``enquire`` asks whether an earlier call had its effect and returns
    what ``call`` would have, or None if it certainly had none; where the other side
    recognises the errand's id as a repeat, ``call`` itself serves. ``record`` and ``give_up``
    store the outcome and tell of it, in one transaction with the errand's end.
    """

    call: Callable[[UUID, Arguments], Any]
    enquire: Callable[[UUID, Arguments], Any]
    record: Callable[..., None]  # (answer, arguments, *, session, trace)
    give_up: Callable[..., None]  # (reason, arguments, *, session, trace)


def add(session: Session, kind: str, arguments: Arguments, *, trace: Trace) -> UUID:
    """Save an errand. It is run if, and only if, ``session`` commits; returns its id."""
    errand_id = uuid4()
    session.add(
        Errand(
            errand_id=errand_id,
            kind=kind,
            arguments=dict(arguments),
            correlation_id=trace.correlation_id,
            causation_id=trace.causation_id,
            actor=trace.actor,
        )
    )
    wake.note(session, "errands")
    return errand_id


class ErrandRunner:
    """Runs the errands of one service, several at a time."""

    def __init__(
        self, *, service: str, settings: ServiceSettings, kinds: Mapping[str, Kind]
    ) -> None:
        engine = open_engine(settings.database_url, pool_size=WORKERS + 1)
        self._sessions: sessionmaker[Session] = open_sessions(engine)
        wake.nudge_after_commit(self._sessions, directory=settings.wake_directory, service=service)
        self._nudge = partial(wake.nudge, settings.wake_directory, f"{service}-errands")
        self._alarm = wake.Alarm(directory=settings.wake_directory, name=f"{service}-errands")
        self._kinds = kinds
        self._running: set[Future[None]] = set()
        self._is_stopping = False

    def stop(self, *_signal: object) -> None:
        self._is_stopping = True
        self._nudge()

    def run(self) -> None:
        """Run until somebody stops us; then finish the calls that are under way."""
        with ThreadPoolExecutor(WORKERS) as workers:
            while not self._is_stopping:
                self._running = {one for one in self._running if not one.done()}
                try:
                    claimed = self._claim(WORKERS - len(self._running))
                except DBAPIError:
                    log.warning("errands_interrupted", exc_info=True)
                    claimed = []
                for errand in claimed:
                    self._running.add(workers.submit(self._run_one, errand))
                if not claimed:
                    self._alarm.wait()

    def _claim(self, limit: int) -> Sequence[Any]:
        if limit == 0:
            return []
        with self._sessions.begin() as session:
            return session.execute(_CLAIM, {"limit": limit, "lease_seconds": LEASE_SECONDS}).all()

    def _run_one(self, errand: Any) -> None:
        logs.bind_story(correlation_id=errand.correlation_id, causation_id=errand.causation_id)
        try:
            outcome = self._attempt(errand)
            log.info("errand_run", kind=errand.kind, outcome=outcome, attempts=errand.attempts)
        except Exception:
            # Its lease ends, and it is then enquired about.
            log.exception("errand_not_recorded", kind=errand.kind)
        finally:
            self._nudge()

    def _attempt(self, errand: Any) -> str:
        kind = self._kinds[errand.kind]
        is_first_call = errand.claimed_state == ErrandState.WAITING
        try:
            answer = (kind.call if is_first_call else kind.enquire)(
                errand.errand_id, errand.arguments
            )
        except RefusedOutsideError as refusal:
            return self._give_up(errand, kind, refusal.reason)
        except NotSentError as error:
            return self._again(errand, kind, ErrandState.WAITING, error)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the call may have worked
            return self._again(errand, kind, ErrandState.UNKNOWN, error)
        if answer is None and not is_first_call:
            return self._again(errand, kind, ErrandState.WAITING, NotSentError())
        self._settle(errand, ErrandState.DONE, None, partial(kind.record, answer, errand.arguments))
        return "done"

    def _again(self, errand: Any, kind: Kind, state: ErrandState, error: Exception) -> str:
        if errand.attempts >= TRIES:
            return self._give_up(errand, kind, "out_of_tries")
        seconds = min(3600, 2**errand.attempts) * random.uniform(0.1, 0.5)  # noqa: S311
        reason = f"{type(error).__name__} at {logs.where(error)}"
        self._settle(errand, state, reason, None, seconds=seconds)
        return state.value

    def _give_up(self, errand: Any, kind: Kind, reason: str) -> str:
        self._settle(
            errand, ErrandState.FAILED, reason, partial(kind.give_up, reason, errand.arguments)
        )
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
        trace = Trace(
            correlation_id=errand.correlation_id,
            causation_id=errand.errand_id,
            actor=errand.actor,
            at=clock.now(),
        )

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

        holding(settle, is_stopping=lambda: self._is_stopping)


def main(arguments: Sequence[str]) -> int:
    (service,) = arguments
    logs.configure(process=f"{service}-errands")
    kinds = importlib.import_module(f"services.{service}.errands").kinds()
    runner = ErrandRunner(service=service, settings=ServiceSettings.from_environment(), kinds=kinds)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, runner.stop)
    runner.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
