"""What the processes of a service say of themselves, while things go well and while they do not."""

import json
from threading import Thread
from uuid import uuid4

import pytest
import requests
import yaml
from sqlalchemy import text

from deploy.local.paths import CHECKOUT
from operations.errand_runner import ErrandRunner
from operations.relay import Relay
from shared.contracts.documents import LARGEST_MESSAGE_BYTES
from shared.contracts.payments.purchases import PurchaseRequested
from shared.messaging import outbox
from shared.messaging.consumer import DrainingQueueConsumer
from shared.observability import probes
from shared.settings import ServiceSettings
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.probe import amounts
from tests.probe.pages import Pages
from tests.probe.proxy import Proxy
from tests.waiting import eventually

ALARMS = CHECKOUT / "deploy" / "prometheus" / "messages.yml"


def a_request(amount_pence=amounts.FINE):
    return PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=amount_pence,
    )


@pytest.fixture
def pages(clean_broker):
    return Pages()


@pytest.fixture
def proxied(servers):
    """Stand between a program and a server: its URL, with the server's port for the proxy's."""
    proxies = []

    def between(service, variable):
        url = servers.process_environment(service)[variable]
        address = url.rpartition("@")[2].split("/")[0]
        proxy = Proxy(int(address.rpartition(":")[2])).open()
        proxies.append(proxy)
        return proxy, {variable: url.replace(address, f"127.0.0.1:{proxy.port}")}

    yield between
    for proxy in proxies:
        proxy.__exit__()


@pytest.fixture
def relay(servers, start, pages):
    """Start payments' relay."""

    def start_relay(**environment):
        own = servers.process_environment("payments") | pages.environment | environment
        return start("operations.relay", "payments", environment=own)

    return start_relay


@pytest.fixture(params=["runner", "relay"])
def process(request):
    """Start one of the processes of a service: its service, and how it is started."""
    service, start = {"runner": ("budget", "ours"), "relay": ("payments", "relay")}[request.param]
    return service, request.getfixturevalue(start)


def test_a_service_is_ready_when_database_and_broker_are_there(ours, pages):
    ours(**pages.environment)

    pages.await_ready(status="ready", database=True, broker=True)
    assert pages.live() == 200
    assert pages.get("/health").status_code == 404


def test_without_a_port_in_its_settings_a_service_answers_nowhere(ours, pages):
    ours().await_line("service_started")

    with pytest.raises(requests.ConnectionError):
        pages.live()


def test_a_port_that_somebody_else_has_is_no_start_without_health(ours, pages):
    ours(**pages.environment).await_line("service_started")

    assert ours(**pages.environment).status(within_seconds=60) != 0


@pytest.mark.parametrize(
    ("variable", "away"),
    [("COMMONPURSE_DATABASE_URL", "database"), ("COMMONPURSE_BROKER_URL", "broker")],
)
def test_a_process_whose_server_is_away_lives_and_is_not_ready(
    process, proxied, pages, variable, away
):
    service, start = process
    proxy, environment = proxied(service, variable)
    start(**pages.environment | environment)
    pages.await_ready(status="ready")

    proxy.__exit__()

    pages.await_ready(**{away: False, "status": "not ready"})
    status, answer = pages.ready()
    assert status == 503
    assert answer == {"status": "not ready", "database": True, "broker": True, away: False}
    assert pages.live() == 200


def test_a_database_that_does_not_answer_keeps_nobody_waiting(ours, proxied, pages):
    proxy, environment = proxied("budget", "COMMONPURSE_DATABASE_URL")
    ours(**pages.environment, **environment)
    pages.await_ready(status="ready")

    proxy.hold_answers()

    assert pages.ready() == (503, {"status": "not ready", "database": False, "broker": True})
    assert pages.live() == 200


def test_the_runner_of_errands_is_ready_with_its_database_alone(servers, start, pages):
    own = servers.process_environment("payments") | pages.environment

    start("operations.errand_runner", "payments", environment=own)

    pages.await_ready(status="ready", database=True)
    assert "broker" not in pages.ready()[1]
    assert pages.live() == 200


@pytest.fixture
def turns(servers, emptied):
    """Let the main loop of a kind of process turn once."""
    emptied("payments")
    settings = ServiceSettings.from_environment(servers.process_environment("payments"))

    def errands():
        runner = ErrandRunner(service="payments", settings=settings, kinds={})
        Thread(target=runner.run).start()
        eventually(lambda: probes.live()[1] == 200)
        runner.stop()

    return {
        "relay": lambda: Relay(service="payments", settings=settings).send_batch(),
        "errands": errands,
        "runner": lambda: DrainingQueueConsumer().on_iteration(),
        "runner without its broker": lambda: DrainingQueueConsumer().on_connection_error(
            OSError(), 1
        ),
    }


@pytest.mark.parametrize("loop", ["relay", "errands", "runner", "runner without its broker"])
def test_each_main_loop_says_that_it_turns(turns, monkeypatch, loop):
    monkeypatch.setitem(probes._turned, "at", -1000)
    assert probes.live()[1] == 503

    turns[loop]()

    assert probes.live()[1] == 200


def test_what_a_service_handles_is_counted_by_what_came_of_it(ours, pages, send, budget):
    ours(**pages.environment)
    pages.await_ready(status="ready")

    for amount in (amounts.FINE, amounts.FINE, amounts.RAISES):
        send(a_request(amount))

    def handled(outcome):
        labels = {"entrypoint": "budget.on_purchase_requested", "outcome": outcome}
        return pages.metric("commonpurse_handler_seconds_count", **labels)

    eventually(lambda: (handled("processed"), handled("retry")) == (2, 1))
    assert pages.metric("commonpurse_inbox_retries_waiting") == 1
    assert pages.metric("commonpurse_outbox_pending") == 2
    assert pages.metric("commonpurse_redeliveries_total") == 0


def test_what_the_broker_delivers_again_is_counted(ours, pages, send, let_go, budget):
    first = ours()
    first.await_line("service_started")
    send(a_request(amounts.HELD))
    first.await_line("held_work_begun")
    first.kill()

    ours(**pages.environment)
    let_go()

    pages.await_ready(status="ready")
    eventually(lambda: budget("SELECT state FROM inbox") == ["processed"])
    assert pages.metric("commonpurse_redeliveries_total") == 1


STUCK = """
    INSERT INTO outbox (message_id, event_type, subject, body, correlation_id, causation_id, state,
                        attempts, created_at)
    VALUES (gen_random_uuid(), 'budget.x.v1', 'x/y', '{}', gen_random_uuid(), gen_random_uuid(),
            'pending', 0, now() - interval '100 seconds'),
           (gen_random_uuid(), 'budget.x.v1', 'x/y', '{}', gen_random_uuid(), gen_random_uuid(),
            'parked', 0, now());
    INSERT INTO inbox (consumer, message_id, state, attempts, failures)
    VALUES ('a', gen_random_uuid(), 'dead', 1, 1), ('a', gen_random_uuid(), 'dead', 1, 1);
    INSERT INTO errands (errand_id, kind, arguments, correlation_id, causation_id, actor, state,
                         attempts)
    VALUES (gen_random_uuid(), 'k', '{}', gen_random_uuid(), gen_random_uuid(), 'a', 'unknown', 1),
           (gen_random_uuid(), 'k', '{}', gen_random_uuid(), gen_random_uuid(), 'a', 'failed', 1)
"""


def test_what_is_stuck_in_the_tables_is_told_to_prometheus_and_to_whoever_asks(
    ours, pages, owners, budget
):
    with owners("budget").begin() as connection:
        connection.execute(text(STUCK))

    ours(**pages.environment)

    pages.await_ready(status="ready")
    for name, figure in {
        "outbox_pending": 1,
        "outbox_parked": 1,
        "inbox_dead": 2,
        "inbox_retries_waiting": 0,
        "dead_letters": 0,
        "errands_open": 1,
        "errands_failed": 1,
    }.items():
        assert pages.metric(f"commonpurse_{name}") == figure, name
    assert pages.metric("commonpurse_outbox_oldest_seconds") >= 100


def test_without_its_database_a_service_still_tells_what_it_counts_itself(ours, proxied, pages):
    proxy, environment = proxied("budget", "COMMONPURSE_DATABASE_URL")
    ours(**pages.environment, **environment)
    pages.await_ready(status="ready")

    proxy.__exit__()

    assert eventually(lambda: pages.metric("commonpurse_outbox_pending") is None)
    assert pages.metric("commonpurse_redeliveries_total") == 0


def test_the_relay_counts_what_it_sends_and_what_it_cannot_send(relay, pages, emptied):
    payments, (fine, large) = emptied("payments"), (a_request(), a_request())
    with payments() as session:
        for event in (fine, large):
            outbox.add(session, event, trace=a_trace())
        session.execute(
            text("UPDATE outbox SET body = body || CAST(:more AS jsonb) WHERE message_id = :id"),
            {"id": large.event_id, "more": json.dumps({"more": "x" * LARGEST_MESSAGE_BYTES})},
        )

    program = relay()

    program.await_line("event_parked")
    (line,) = (line for line in program.output().splitlines() if "event_parked" in line)
    told = json.loads(line)
    assert told["causation_id"] == str(large.event_id)
    assert told["actor"] == "tests/system"
    assert told["traceparent"].split("-")[1] == told["correlation_id"].replace("-", "")
    pages.await_ready(status="ready")
    eventually(lambda: pages.metric("commonpurse_relay_published_total") == 1)
    assert pages.metric("commonpurse_relay_refused_total", reason="too_large") == 1
    assert pages.metric("commonpurse_relay_parked_total") == 1


def test_every_alarm_is_about_a_figure_that_is_told(ours, pages, budget):
    ours(**pages.environment)
    pages.await_ready(status="ready")
    (group,) = yaml.safe_load(ALARMS.read_text())["groups"]

    for rule in group["rules"]:
        name, sign, limit = rule["expr"].split()
        assert pages.metric(name) is not None, name
        assert (sign, float(limit) >= 0) == (">", True)
    assert {rule["expr"] for rule in group["rules"]} >= {
        "commonpurse_outbox_oldest_seconds > 60",
        "commonpurse_outbox_parked > 0",
        "commonpurse_inbox_dead > 0",
        "commonpurse_dead_letters > 0",
    }
