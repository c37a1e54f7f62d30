"""How fast events travel: beside raw kombu on the same broker, in the same run."""

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID, uuid4

import requests
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.message import Message
from sqlalchemy import text

from clients.edge import Edge
from deploy.local.stack import Stack
from operations.relay import Relay
from shared import clock
from shared.contracts import catalogue
from shared.contracts.payments.purchases import PurchaseRequested
from shared.database import open_engine, open_sessions
from shared.messaging import outbox, wake
from shared.messaging.publisher import Outgoing, Publisher, connect
from shared.observability import logs
from shared.settings import ServiceSettings
from shared.trace import Trace

RAW_MESSAGES = 2_000
CONSUMED_EVENTS = 4_000
RELAYED_EVENTS = 20_000
RATES_PER_S = (10, 100)
HIGHER_RATES_PER_S = (200, 300, 400, 500, 600, 800)
SECONDS_AT_A_RATE = 10
LATE = 1.05  # a sender that takes longer than its time by this does not keep the rate up
STEADY_WITHIN_MS = 250  # the 99th percentile of a rate that can be kept up
BATCH = 100
PATIENCE_SECONDS = 60


def measure() -> dict[str, float]:
    """Measure on servers of its own, which end with it."""
    logs.configure(process="benchmark")
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return _measure(stack)
    finally:
        stack.stop(politely=False)


def _measure(stack: Stack) -> dict[str, float]:
    figures = _raw(stack)
    figures |= _relay_rates(stack)
    figures["messaging.consumer_events_per_s"] = _consumer_rate(stack)
    figures |= _raw_latencies(stack)
    figures |= _latencies(stack)
    return figures


def _relay_rates(stack: Stack) -> dict[str, float]:
    """Send a full outbox, between two rounds of the same messages without any table."""
    raw = [_raw_pipelined_rate(stack)]
    of_many_subjects = _relay_rate(stack, subject="'purchase/' || gen_random_uuid()")
    raw.append(_raw_pipelined_rate(stack))
    of_one_subject = _relay_rate(stack, subject="'purchase/one'")
    raw.append(_raw_pipelined_rate(stack))
    return {
        "messaging.raw_pipelined_per_s": statistics.mean(raw),
        "messaging.relay_events_per_s": of_many_subjects,
        "messaging.relay_to_raw_ratio": of_many_subjects / statistics.mean(raw[:2]),
        "messaging.relay_one_subject_events_per_s": of_one_subject,
        "messaging.relay_one_subject_to_raw_ratio": of_one_subject / statistics.mean(raw[1:]),
    }


def _raw_pipelined_rate(stack: Stack) -> float:
    messages = [_outgoing(_an_event()) for _ in range(BATCH)]
    publisher = Publisher(connect(_broker_url(stack, "payments"), name="benchmark"))
    started_at = time.perf_counter()
    for _ in range(RELAYED_EVENTS // BATCH):
        publisher.publish(messages)
    seconds = time.perf_counter() - started_at
    publisher.close()
    _empty_the_inbox(stack)
    return RELAYED_EVENTS / seconds


_FILL_OUTBOX = """
    INSERT INTO outbox (message_id, event_type, subject, body, correlation_id, causation_id,
                        state, attempts)
    SELECT gen_random_uuid(), :event_type, {subject}, CAST(:body AS jsonb), gen_random_uuid(),
           gen_random_uuid(), 'pending', 0
    FROM generate_series(1, :events)
"""


def _relay_rate(stack: Stack, *, subject: str) -> float:
    engine = open_engine(_database_url(stack, "payments"), pool_size=1)
    event = _an_event()
    row = {
        "event_type": event.event_type,
        "body": json.dumps(catalogue.dump(event, trace=_a_trace())),
        "events": RELAYED_EVENTS,
    }
    with engine.begin() as connection:
        connection.execute(text(_FILL_OUTBOX.format(subject=subject)), row)
    settings = ServiceSettings.from_environment(stack.process_environment("payments"))
    relay = Relay(service="payments", settings=settings)
    relay.send_batch()  # connects
    started_at = time.perf_counter()
    while relay.send_batch():
        pass
    seconds = time.perf_counter() - started_at
    engine.dispose()
    _empty_the_inbox(stack)
    return (RELAYED_EVENTS - BATCH) / seconds


def _empty_the_inbox(stack: Stack) -> None:
    management = stack.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    queue = f"{management}/api/queues/commonpurse/budget.inbox/contents"
    requests.delete(queue, timeout=30).raise_for_status()


RAW_BODY = json.dumps({"text": "x" * 630})


@contextmanager
def _raw_queue(stack: Stack) -> Iterator[tuple[Connection, Queue]]:
    """Give plain kombu a quorum queue of its own."""
    with _raw_connection(stack) as connection:
        queue = Queue("raw", durable=True, queue_arguments={"x-queue-type": "quorum"})
        queue(connection.default_channel).declare()
        yield connection, queue
        queue(connection.default_channel).delete()


def _raw_connection(stack: Stack) -> Connection:
    management = stack.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    password = management.split("@")[0].rpartition(":")[2]
    port = stack.environment()["COMMONPURSE_BROKER_URL"].rpartition(":")[2]
    return Connection(
        f"amqp://deploy:{password}@127.0.0.1:{port}", transport_options={"confirm_publish": True}
    )


def _raw(stack: Stack) -> dict[str, float]:
    """Publish with a confirm for each, and consume with an acknowledgement for each: kombu."""
    with _raw_queue(stack) as (connection, queue):
        producer = connection.Producer()
        started_at = time.perf_counter()
        for _ in range(RAW_MESSAGES):
            producer.publish(RAW_BODY, routing_key="raw", content_type="application/json")
        publish_seconds = time.perf_counter() - started_at
        consume_seconds = _consume_raw(connection, queue)
    return {
        "messaging.raw_publish_per_s": RAW_MESSAGES / publish_seconds,
        "messaging.raw_consume_per_s": RAW_MESSAGES / consume_seconds,
    }


def _consume_raw(connection: Connection, queue: Queue) -> float:
    taken = 0

    def take(message: Message) -> None:
        nonlocal taken
        message.ack()
        taken += 1

    with connection.Consumer([queue], on_message=take, prefetch_count=10):
        started_at = time.perf_counter()
        while taken < RAW_MESSAGES:
            connection.drain_events(timeout=10)
        return time.perf_counter() - started_at


def _raw_latencies(stack: Stack) -> dict[str, float]:
    """From before the publishing to the acknowledgement, at the same rates: kombu."""
    figures = {}
    with _raw_queue(stack) as (connection, queue), _raw_connection(stack) as sending:
        producer = sending.Producer()
        for rate in RATES_PER_S:
            taken: list[float] = []
            wanted = rate * SECONDS_AT_A_RATE

            def take(message: Message, taken: list[float] = taken) -> None:
                message.ack()
                sent_at = float(message.properties["message_id"])
                taken.append((time.perf_counter() - sent_at) * 1000)

            def send(rate: int = rate, wanted: int = wanted) -> None:
                began_at = time.perf_counter()
                for number in range(wanted):
                    time.sleep(max(0.0, began_at + number / rate - time.perf_counter()))
                    at = repr(time.perf_counter())
                    producer.publish(
                        RAW_BODY, routing_key="raw", content_type="application/json", message_id=at
                    )

            sender = threading.Thread(target=send)
            with connection.Consumer([queue], on_message=take, prefetch_count=10):
                sender.start()
                while len(taken) < wanted:
                    connection.drain_events(timeout=10)
            sender.join()
            figures[f"messaging.raw_publish_to_consume_at_{rate}_p50_ms"] = statistics.median(taken)
            figures[f"messaging.raw_publish_to_consume_at_{rate}_p99_ms"] = _p99(taken)
    return figures


def _consumer_rate(stack: Stack) -> float:
    """Fill the queue, start one process, and take the time its inbox rows span."""
    events = [_an_event() for _ in range(CONSUMED_EVENTS)]
    publisher = Publisher(connect(_broker_url(stack, "payments"), name="benchmark"))
    for start in range(0, CONSUMED_EVENTS, BATCH):
        publisher.publish([_outgoing(event) for event in events[start : start + BATCH]])
    publisher.close()
    engine = open_engine(_database_url(stack, "budget"), pool_size=1)
    with _listening() as commits, _listener(stack, commits):
        for _ in range(CONSUMED_EVENTS):
            commits.recv(16)
    with engine.connect() as connection:
        seconds = connection.scalar(
            text("SELECT extract(epoch FROM max(processed_at) - min(processed_at)) FROM inbox")
        )
    return CONSUMED_EVENTS / float(seconds)


def _latencies(stack: Stack) -> dict[str, float]:
    """From commit to commit at two rates, and at the highest that can be kept up."""
    with (
        _listening() as commits,
        _listener(stack, commits),
        running(stack, "payments-relay", "operations.relay", "payments"),
        Edge.connect(stack.environment(), name="benchmark") as edge,
    ):
        edge.query("budget", "health", {}, timeout_seconds=20)
        _latencies_ms(stack, commits, per_second=50)  # whoever comes first finds everything cold
        at = {rate: _latencies_ms(stack, commits, per_second=rate) for rate in RATES_PER_S}
        highest = max(RATES_PER_S)
        for rate in HIGHER_RATES_PER_S:
            at[rate] = _latencies_ms(stack, commits, per_second=rate)
            if not at[rate] or _p99(at[rate]) > STEADY_WITHIN_MS:
                break
            highest = rate
    return {
        "messaging.commit_to_commit_p50_ms": statistics.median(at[100]),
        "messaging.commit_to_commit_p99_ms": _p99(at[100]),
        "messaging.commit_to_commit_at_10_p50_ms": statistics.median(at[10]),
        "messaging.commit_to_commit_at_10_p99_ms": _p99(at[10]),
        "messaging.highest_steady_per_s": highest,
        "messaging.commit_to_commit_at_highest_p50_ms": statistics.median(at[highest]),
        "messaging.commit_to_commit_at_highest_p99_ms": _p99(at[highest]),
    }


def _p99(latencies_ms: list[float]) -> float:
    return statistics.quantiles(latencies_ms, n=100)[98]


def _latencies_ms(stack: Stack, commits: socket.socket, *, per_second: int) -> list[float]:
    """Commit events at a rate, whether or not the last was heard; take each one's time.

    Returns nothing where even the sender could not keep the rate up.
    """
    engine = open_engine(_database_url(stack, "payments"), pool_size=1)
    sessions = open_sessions(engine)
    directory = stack.process_environment("payments")["COMMONPURSE_WAKE_DIR"]
    wake.nudge_after_commit(sessions, directory=directory, service="payments")
    events = [_an_event() for _ in range(per_second * SECONDS_AT_A_RATE)]
    heard_at: dict[UUID, float] = {}

    def listen() -> None:
        while len(heard_at) < len(events):
            purchase_id = UUID(bytes=commits.recv(16))
            heard_at[purchase_id] = time.perf_counter()

    listening = threading.Thread(target=listen)
    listening.start()
    committed_at: dict[UUID, float] = {}
    began_at = time.perf_counter()
    for number, event in enumerate(events):
        due = began_at + number / per_second
        time.sleep(max(0.0, due - time.perf_counter()))
        with sessions.begin() as session:
            outbox.add(session, event, trace=_a_trace())
        committed_at[event.purchase_id] = time.perf_counter()
    is_late = time.perf_counter() - began_at > SECONDS_AT_A_RATE * LATE
    listening.join()
    engine.dispose()
    if is_late:
        return []
    return [(heard_at[one] - committed_at[one]) * 1000 for one in committed_at]


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as commits:
        commits.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024**2)
        commits.bind(("127.0.0.1", 0))
        commits.settimeout(PATIENCE_SECONDS)
        yield commits


@contextmanager
def running(stack: Stack, process: str, module: str, *arguments: str, **more: str) -> Iterator[int]:
    """Run a program with the environment of one of the stack's processes; gives its id."""
    environment = {**stack.process_environment(process), "COMMONPURSE_LOG_LEVEL": "warning", **more}
    program = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-W", "ignore", "-m", module, *arguments], env=os.environ | environment
    )
    try:
        yield program.pid
    finally:
        program.terminate()
        program.wait(PATIENCE_SECONDS)


def _listener(stack: Stack, commits: socket.socket) -> AbstractContextManager[int]:
    """Run the listener in budget's place; it tells ``commits`` of each of its own."""
    port = str(commits.getsockname()[1])
    return running(stack, "budget", "benchmarks.listener", BENCHMARK_PORT=port)


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
