"""What a service class is made of: ``subscribe``, ``command``, ``query`` and two dependencies.

A service is a table of contents; each line of it is one of these.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet import tpool
from marshmallow import Schema
from nameko.extensions import DependencyProvider, Entrypoint
from nameko.timer import Timer
from sqlalchemy.orm import Session, sessionmaker

from shared import clock, settings
from shared.contracts import manifest
from shared.contracts.event import Event
from shared.database import open_engine, open_sessions
from shared.messaging import answering, wake
from shared.messaging.calls import CallQueue
from shared.messaging.dead_letter_queue import DeadLetterQueue
from shared.messaging.events import EventQueue
from shared.messaging.holding import again_at_once
from shared.observability import logs, spans
from shared.trace import Trace

log = structlog.get_logger()

WORKERS = 24  # at once in a process: the prefetch of two queues, and a little room


class Database(DependencyProvider):
    """Gives a worker ``sessions.begin``: a transaction that commits, or rolls back on an error.

    The connection is opened when a worker first needs it, so a database that is away stops
    no service from starting (N14).
    """

    def setup(self) -> None:
        needed = settings.ServiceSettings.from_environment()
        engine = open_engine(needed.database_url, pool_size=WORKERS)
        self.sessions: sessionmaker[Session] = open_sessions(engine)
        wake.nudge_after_commit(
            self.sessions,
            directory=needed.wake_directory,
            service=self.container.service_name,
        )

    def get_dependency(self, worker_ctx: Any) -> Callable[[], Any]:
        return self.sessions.begin


class CurrentTrace(DependencyProvider):
    """Gives a worker the trace of the message it works on."""

    def get_dependency(self, worker_ctx: Any) -> Trace | None:
        return worker_ctx.data.get("trace")


class Subscription(Entrypoint):
    """One event this service listens to."""

    event_queue = EventQueue()
    dead_letter_queue = DeadLetterQueue()

    def __init__(self, event_class: type[Event], subscriber: Callable[..., None]) -> None:
        super().__init__()
        self.event_class = event_class
        self.subscriber = subscriber

    def setup(self) -> None:
        self.event_queue.register_provider(self)
        self.dead_letter_queue.register_provider(self)

    def stop(self) -> None:
        self.event_queue.unregister_provider(self)
        self.dead_letter_queue.unregister_provider(self)


class Operation(Entrypoint):
    """One command or query that the edge may call."""

    call_queue = CallQueue()

    def setup(self) -> None:
        self.call_queue.register_provider(self)

    def stop(self) -> None:
        self.call_queue.unregister_provider(self)


def subscribe(event_class: type[Event], *subscribers: Callable[..., object]) -> Any:
    """Listen to an event: each ``subscriber(event, session=…, trace=…)``, one after the other.

    Inbox row, effect and outbox rows commit together, then the message is acknowledged.
    """

    def subscriber(event: Event, *, session: Session, trace: Trace) -> None:
        for one in subscribers:
            one(event, session=session, trace=trace)

    def entrypoint(service: Any, work: Callable[[Any], None]) -> None:
        work(service.transaction)

    return Subscription.decorator(event_class, subscriber)(entrypoint)


def command(schema: type[Schema], handler: Callable[..., Any]) -> Any:
    """Offer a command: ``handler(command, session=…, trace=…)``, in one transaction.

    What the handler returns must have a form in JSON; it is the caller's answer.
    """
    return _operation(partial(answering.answer_command, schema=schema(), handler=handler))


class Timetable(Timer):
    """Work that is due at a time and that nobody asks for."""

    def __init__(
        self, interval_seconds: float, due: Callable[..., Any], handler: Callable[..., Any]
    ) -> None:
        super().__init__(interval_seconds, eager=True)
        self.due = due
        self.handler = handler


def every(interval_seconds: float, due: Callable[..., Any], handler: Callable[..., Any]) -> Any:
    """Do what is due at the start, then now and again: ``handler(command, session=…, trace=…)``.

    ``due(at, session=…)`` returns the commands. Each has a transaction of its own and must do no
    harm when it is done twice: every process of the service looks. What fails is logged, the rest
    goes on, and it is tried again next time.
    """

    def entrypoint(service: Any) -> None:
        at = clock.now()
        with service.transaction() as session:
            commands = due(at, session=session)
        for one in commands:
            trace = Trace.of_new_story(actor=f"{service.name}/system", at=at)
            logs.bind_story(trace)
            try:
                with service.transaction() as session:
                    handler(one, session=session, trace=trace)
            except Exception as error:  # noqa: BLE001 - the others are due all the same
                place = logs.where(error)
                log.error("timed_work_failed", handler=handler.__name__, failure=place)  # noqa: TRY400 - its text may name somebody

    return Timetable.decorator(interval_seconds, due, handler)(entrypoint)


def query(
    schema: type[Schema],
    question: Callable[..., Any],
    *,
    finish: Callable[[Any], Any] | None = None,
) -> Any:
    """Offer a query: ``question(asked, session=…)``. It changes nothing.

    Args:
        schema: of the request.
        question: what is asked of the database.
        finish: makes the answer of what was found, in a thread of its own: for what takes long
            and would keep everything else in the process waiting.
    """
    apart = partial(tpool.execute, finish) if finish else None
    return _operation(
        partial(answering.answer_query, schema=schema(), query=question, finish=apart)
    )


def _operation(answer: Callable[..., answering.Answer]) -> Any:
    def entrypoint(service: Any, call: answering.Call) -> answering.Answer:
        span = spans.span(
            "SERVER",
            f"process {service.name}.{call.operation}",
            place=manifest.rpc_queue(service.name),
            message_id=service.trace.causation_id,
            trace=service.trace,
        )
        with span as trace:
            logs.bind_story(trace)
            work = partial(
                answer, call, transaction=service.transaction, access=service.access, trace=trace
            )
            try:
                return again_at_once(work)
            except eventlet.Timeout as timeout:  # no Exception: nameko would never reply (N12)
                raise TimeoutError from timeout

    return Operation.decorator()(entrypoint)
