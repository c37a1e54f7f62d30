"""One story's spans, from process to process; and nothing at all where nobody collects them."""

import json
import subprocess
import sys
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from clients.edge import CallFailedError, Edge
from shared.contracts.payments.purchases import PurchaseRequested
from shared.messaging import outbox
from shared.observability import logs
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.probe import amounts
from tests.probe.collector import Collector
from tests.waiting import eventually

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def a_request(amount_pence=amounts.FINE):
    return PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=amount_pence,
    )


@pytest.fixture
def collector():
    with Collector().listening() as collector:
        yield collector


@pytest.fixture
def edge(servers):
    with Edge.connect(servers.environment(), name="tests") as edge:
        yield edge


def ended(program):
    program.terminate()
    assert program.status(within_seconds=15) == 0, program.output()


def lines(program, **having):
    every = (json.loads(line) for line in program.output().splitlines() if line.startswith("{"))
    return [line for line in every if having.items() <= line.items()]


@pytest.fixture
def traced(servers, start, collector):
    """Start a program of a service that tells the collector."""

    def start_one(program, service):
        environment = servers.process_environment(service) | collector.environment
        return start(program, service, environment=environment)

    return start_one


@pytest.fixture
def two_services(emptied, broker, ours, collector, traced):
    """Ours in budget's place, its relay, and the real payments."""
    emptied("payments")
    broker.purge("payments.inbox")
    traced("operations.relay", "budget")
    budget, payments = ours(**collector.environment), traced("operations.runner", "payments")
    for program in (budget, payments):
        program.await_line("service_started")
    return budget, payments


def test_what_one_process_publishes_and_another_handles_is_one_trace(
    two_services, send, budget, collector
):
    event = a_request()

    send(event)

    ours, payments = two_services
    payments.await_line("event_handled")
    (story,) = budget("SELECT correlation_id FROM outbox")
    (told,) = budget("SELECT message_id FROM outbox")
    ended(ours)
    ended(payments)
    heard = collector.span("process payments.purchase_requested.v1")
    published = collector.span("publish budget.hold_released.v1")
    handled = next(one for one in collector.spans if one.parent_id == published.span_id)
    assert [heard.kind, published.kind, handled.kind] == ["CONSUMER", "PRODUCER", "CONSUMER"]
    assert [heard.process, published.process, handled.process] == ["budget", "budget", "payments"]
    assert {heard.trace_id, published.trace_id, handled.trace_id} == {story.hex}
    assert [heard.parent_id, published.parent_id] == ["", heard.span_id]
    assert handled.name == "process budget.hold_released.v1"
    assert handled.attributes == {
        "messaging.system": "rabbitmq",
        "messaging.operation": "process",
        "messaging.destination.name": "payments.inbox",
        "messaging.message.id": str(told),
    }
    assert published.attributes["messaging.destination.name"] == "budget.events"
    assert budget("SELECT body->>'traceparent' FROM outbox") == [published.traceparent]
    assert lines(ours, event="event_handled")[0]["traceparent"] == heard.traceparent
    assert lines(payments, event="event_handled")[0]["traceparent"] == handled.traceparent


def test_a_call_continues_its_callers_trace_and_a_fault_shows_its_type_alone(
    ours, edge, collector, clean_broker
):
    program = ours(**collector.environment)
    program.await_line("service_started")
    command_id = uuid4()

    edge.command("budget", "spend", {"amount_pence": 1}, command_id=command_id, traceparent=CALLER)
    with pytest.raises(CallFailedError):
        edge.command("budget", "spend", {"amount_pence": amounts.RAISES})
    edge.query("budget", "health", {})

    ended(program)
    fine = collector.span("process budget.spend", **{"messaging.message.id": str(command_id)})
    (failed,) = (one for one in collector.spans if one.failed_with)
    asked = collector.span("process budget.health")
    assert (fine.trace_id, fine.parent_id) == tuple(CALLER.split("-")[1:3])
    assert {fine.kind, failed.kind, asked.kind} == {"SERVER"}
    assert failed.failed_with == "RuntimeError"
    assert b"the name of a person" not in collector.heard
    assert lines(program, event="call_failed")[0]["correlation_id"].replace("-", "") == (
        failed.trace_id
    )


def test_a_collector_that_is_away_stops_neither_the_work_nor_the_end(ours, send, budget):
    program = ours(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1", OTEL_BSP_SCHEDULE_DELAY="10")
    program.await_line("service_started")

    send(a_request())

    eventually(lambda: budget("SELECT state FROM inbox") == ["processed"])
    program.terminate()
    assert program.status(within_seconds=10) == 0


def test_where_nobody_collects_spans_an_event_still_has_one_of_its_own(emptied):
    transaction, event = emptied("payments"), a_request()
    trace = replace(a_trace(), traceparent=CALLER)

    with transaction() as session:
        outbox.add(session, event, trace=trace)

    with transaction() as session:
        (told,) = session.scalars(text("SELECT body->>'traceparent' FROM outbox"))
    assert told == f"00-{trace.correlation_id.hex}-{event.event_id.hex[16:]}-00"


def test_every_line_of_whatever_handles_a_message_tells_its_story(ours, send, edge, budget):
    program = ours()
    program.await_line("service_started")
    command_id = uuid4()

    send(a_request(amounts.SLOW))
    edge.command("budget", "spend", {"amount_pence": 1}, command_id=command_id, traceparent=CALLER)
    edge.query("budget", "health", {})

    eventually(lambda: lines(program, event="event_handled"))
    ended(program)
    asked = ("spending_begun", "request_handled")
    told = [line for line in lines(program) if line["event"] in {"slow_work_begun", *asked}]
    assert len(told) == 4
    for line in [*told, *lines(program, event="event_handled")]:
        assert all(line[name] for name in logs.STORY), line
        trace_id = line["traceparent"].split("-")[1]
        assert trace_id in {line["correlation_id"].replace("-", ""), CALLER.split("-")[1]}
    for line in lines(program, event=asked[0]) + lines(program, event=asked[1])[:1]:
        assert {line["correlation_id"], line["causation_id"]} == {str(command_id)}
        assert (line["actor"], line["traceparent"]) == ("tests/system", CALLER)


@pytest.mark.parametrize(
    "module",
    ["operations.runner", "operations.relay", "operations.errand_runner"],
)
def test_without_a_collector_nothing_of_opentelemetry_is_imported(module):
    source = (
        f"import sys, {module}; from shared.observability import spans; "
        "spans.configure(process='tests'); "
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", source], env={}, check=False).returncode == 0
