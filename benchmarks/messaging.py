"""How fast events travel: beside raw kombu on the same broker, in the same run."""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import kombu
from sqlalchemy import text

from deploy.local.stack import Stack
from shared import clock
from shared.contracts import catalogue
from shared.contracts.payments import PurchaseRequested
from shared.database import open_engine, open_sessions
from shared.messaging import outbox, wake
from shared.messaging.client import Edge
from shared.messaging.publisher import Outgoing, Publisher, connect
from shared.trace import Trace

RAW_MESSAGES = 2_000
CONSUMED_EVENTS = 4_000
IDLE_EVENTS = 200
IDLE_SECONDS_BETWEEN = 0.05
BATCH = 100
PATIENCE_SECONDS = 60


def measure() -> dict[str, float]:
    """Measure on servers of its own, which end with it."""
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return _measure(stack)
    finally:
        stack.stop(politely=False)


def _measure(stack: Stack) -> dict[str, float]:
    figures = _raw(stack)
    figures["messaging.consumer_events_per_s"] = _consumer_rate(stack)
    latencies_ms = _idle_latencies_ms(stack)
    figures["messaging.commit_to_commit_p50_ms"] = statistics.median(latencies_ms)
    figures["messaging.commit_to_commit_p99_ms"] = statistics.quantiles(latencies_ms, n=100)[98]
    return figures


def _raw(stack: Stack) -> dict[str, float]:
    """Publish with a confirm for each, and consume with an acknowledgement for each: kombu."""
    management = stack.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    password = management.split("@")[0].rpartition(":")[2]
    port = stack.environment()["COMMONPURSE_BROKER_URL"].rpartition(":")[2]
    body = json.dumps({"text": "x" * 630})
    with kombu.Connection(
        f"amqp://deploy:{password}@127.0.0.1:{port}", transport_options={"confirm_publish": True}
    ) as connection:
        queue = kombu.Queue("raw", durable=True, queue_arguments={"x-queue-type": "quorum"})
        queue(connection.default_channel).declare()
        producer = connection.Producer()
        started_at = time.perf_counter()
        for _ in range(RAW_MESSAGES):
            producer.publish(body, routing_key="raw", content_type="application/json")
        publish_seconds = time.perf_counter() - started_at
        consume_seconds = _consume_raw(connection, queue)
        queue(connection.default_channel).delete()
    return {
        "messaging.raw_publish_per_s": RAW_MESSAGES / publish_seconds,
        "messaging.raw_consume_per_s": RAW_MESSAGES / consume_seconds,
    }


def _consume_raw(connection: kombu.Connection, queue: kombu.Queue) -> float:
    taken = 0

    def take(message: kombu.Message) -> None:
        nonlocal taken
        message.ack()
        taken += 1

    with connection.Consumer([queue], on_message=take, prefetch_count=10):
        started_at = time.perf_counter()
        while taken < RAW_MESSAGES:
            connection.drain_events(timeout=10)
        return time.perf_counter() - started_at


def _consumer_rate(stack: Stack) -> float:
    """Fill the queue, start one process, and take the time its inbox rows span."""
    events = [_an_event() for _ in range(CONSUMED_EVENTS)]
    publisher = Publisher(connect(_broker_url(stack, "payments"), name="benchmark"))
    for start in range(0, CONSUMED_EVENTS, BATCH):
        publisher.publish([_outgoing(event) for event in events[start : start + BATCH]])
    publisher.close()
    engine = open_engine(_database_url(stack, "budget"), pool_size=1)
    with _listening() as commits, _process(stack, "budget", "benchmarks.listener", commits):
        for _ in range(CONSUMED_EVENTS):
            commits.recv(16)
    with engine.connect() as connection:
        seconds = connection.scalar(
            text("SELECT extract(epoch FROM max(processed_at) - min(processed_at)) FROM inbox")
        )
    return CONSUMED_EVENTS / float(seconds)


def _idle_latencies_ms(stack: Stack) -> list[float]:
    """Commit an event now and then; take the time until its listener has committed its work."""
    settings = stack.process_environment("payments")
    sessions = open_sessions(open_engine(_database_url(stack, "payments"), pool_size=1))
    directory = settings["COMMONPURSE_WAKE_DIR"]
    wake.nudge_after_commit(sessions, directory=directory, service="payments")
    latencies_ms = []
    with (
        _listening() as commits,
        _process(stack, "budget", "benchmarks.listener", commits),
        _process(stack, "payments-relay", "shared.messaging.relay", commits, "payments"),
        Edge.connect(stack.environment()["COMMONPURSE_BROKER_URL"], name="benchmark") as edge,
    ):
        edge.query("budget", "health", {}, timeout_seconds=20)
        for number in range(IDLE_EVENTS + 1):
            event = _an_event()
            with sessions.begin() as session:
                outbox.add(session, event, trace=_a_trace())
            committed_at = time.perf_counter()
            while UUID(bytes=commits.recv(16)) != event.purchase_id:
                pass
            if number:  # the first one finds everything cold
                latencies_ms.append((time.perf_counter() - committed_at) * 1000)
            time.sleep(IDLE_SECONDS_BETWEEN)
    return latencies_ms


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as commits:
        commits.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024**2)
        commits.bind(("127.0.0.1", 0))
        commits.settimeout(PATIENCE_SECONDS)
        yield commits


@contextmanager
def _process(
    stack: Stack, process: str, module: str, commits: socket.socket, *arguments: str
) -> Iterator[None]:
    """Run a program with the environment of one of the stack's processes."""
    environment = stack.process_environment(process) | {
        "BENCHMARK_PORT": str(commits.getsockname()[1]),
        "COMMONPURSE_LOG_LEVEL": "warning",
    }
    running = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, *arguments], env=os.environ | environment
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(PATIENCE_SECONDS)


def _an_event() -> PurchaseRequested:
    return PurchaseRequested(
        occurred_at=clock.now(),
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=1,
    )


def _a_trace() -> Trace:
    return Trace(correlation_id=uuid4(), causation_id=uuid4(), actor="benchmark", at=clock.now())


def _outgoing(event: PurchaseRequested) -> Outgoing:
    return Outgoing(
        message_id=str(event.event_id),
        exchange="payments.events",
        routing_key=event.event_type,
        body=json.dumps(catalogue.dump(event, trace=_a_trace())).encode(),
    )


def _broker_url(stack: Stack, service: str) -> str:
    return stack.process_environment(service)["COMMONPURSE_BROKER_URL"]


def _database_url(stack: Stack, service: str) -> str:
    return stack.process_environment(service)["COMMONPURSE_DATABASE_URL"]
