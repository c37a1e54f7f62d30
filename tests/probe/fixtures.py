"""A service of ours and a plain nameko one as processes, and ways to look at what they left."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import pytest
import requests
from sqlalchemy import text

from deploy.local.stack import Stack
from shared.contracts import catalogue
from shared.contracts.event import Event
from shared.messaging.publisher import Outgoing, Publisher, connect
from tests.factories import a_trace
from tests.probe import amounts
from tests.probe.proxy import Proxy
from tests.waiting import eventually

ROOT = Path(__file__).parents[2]
HERE = "tests.probe"


class Program:
    """A service as a process of its own, with its output in a file."""

    def __init__(self, log: Path, module: str, *arguments: str, environment=None) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=os.environ | (environment or {}),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        return self.log.read_text()

    def await_line(self, words: str) -> None:
        eventually(lambda: words in self.output() or self.has_ended())
        assert words in self.output(), self.output()

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def status(self, *, within_seconds: float) -> int:
        return self._process.wait(timeout=within_seconds)

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start programs that end with the test, whatever comes of it."""
    started: list[Program] = []

    def start_one(module: str, *arguments: str, environment=None) -> Program:
        log = tmp_path / f"{len(started)}.log"
        program = Program(log, module, *arguments, environment=environment)
        started.append(program)
        return program

    yield start_one
    for program in started:
        program.kill()


@pytest.fixture
def budget(emptied, owners):
    """Look into ours' database, which starts empty: ``budget("SELECT …")``."""
    transaction = emptied("budget")
    with owners("budget").begin() as connection:
        connection.execute(
            text(
                "DROP TABLE IF EXISTS effects, commits_fail;"
                "CREATE TABLE effects (message_id uuid);"
                "CREATE TABLE commits_fail (fails boolean UNIQUE DEFERRABLE INITIALLY DEFERRED);"
                "INSERT INTO commits_fail VALUES (true)"
            )
        )

    def look(sql: str) -> list:
        with transaction() as session:
            return list(session.scalars(text(sql)))

    yield look
    with owners("budget").begin() as connection:
        connection.execute(text("DROP TABLE effects, commits_fail"))


@pytest.fixture
def let_go(owners, budget) -> Iterator[Callable[[], None]]:
    """Hold up ours' work of amount HELD, until the test calls this."""
    with owners("budget").connect() as connection:
        holding = connection.begin()
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": amounts.HELD})
        yield holding.close


@pytest.fixture
def ours(servers: Stack, budget, start) -> Callable[..., Program]:
    """Start a service of ours in budget's place; it may have to reach the broker by a line."""

    def start_ours(*, line: Proxy | None = None, **environment: str) -> Program:
        own = servers.process_environment("budget")
        if line is not None:
            own["COMMONPURSE_BROKER_URL"] = line.through(own["COMMONPURSE_BROKER_URL"])
        own |= environment
        return start(f"{HERE}.ours", environment=own)

    return start_ours


@pytest.fixture
def send(servers: Stack, clean_broker) -> Iterator[Callable[..., None]]:
    """Publish as payments does: an event, or any body under a routing key."""
    url = servers.process_environment("payments")["COMMONPURSE_BROKER_URL"]
    connection = connect(url, name="tests")
    publisher = Publisher(connection)

    def send_event(event: Event, **properties) -> None:
        envelope = catalogue.dump(event, trace=a_trace())
        if properties:
            content = {"content_type": "application/json", **properties}
            send_raw(json.dumps(envelope).encode(), **content)
            return
        message = Outgoing(
            message_id=str(event.event_id),
            exchange="payments.events",
            routing_key=event.event_type,
            body=json.dumps(envelope).encode(),
        )
        assert publisher.publish([message]) == {}

    def send_raw(body: bytes, **properties) -> None:
        channel = connection.channel()
        message = amqp.Message(body, **properties)
        channel.basic_publish(message, "payments.events", "payments.purchase_requested.v1")

    send_event.raw = send_raw
    yield send_event
    publisher.close()


class Broker:
    """The broker as its administrator sees it."""

    def __init__(self, servers: Stack) -> None:
        self.management_url = servers.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
        self.port = urlsplit(servers.environment()["COMMONPURSE_BROKER_URL"]).port
        self._password = self.management_url.split("@")[0].rpartition(":")[2]

    def url(self, virtual_host: str = "commonpurse") -> str:
        return f"amqp://deploy:{self._password}@127.0.0.1:{self.port}/{virtual_host}"

    def add_virtual_host(self, name: str) -> str:
        for path, body in ((f"vhosts/{name}", {}), (f"permissions/{name}/deploy", _EVERYTHING)):
            answer = requests.put(f"{self.management_url}/api/{path}", json=body, timeout=10)
            answer.raise_for_status()
        return self.url(name)

    def remove_virtual_host(self, name: str) -> None:
        requests.delete(f"{self.management_url}/api/vhosts/{name}", timeout=10)

    def waiting(self, queue: str, *, virtual_host: str = "commonpurse") -> int:
        """Count the messages of a queue; the management API would be seconds behind."""
        return self._look_at(queue, virtual_host).message_count

    def listeners(self, queue: str, *, virtual_host: str = "commonpurse") -> int:
        return self._look_at(queue, virtual_host).consumer_count

    def _look_at(self, queue: str, virtual_host: str) -> Any:
        connection = connect(self.url(virtual_host), name="tests")
        try:
            return connection.channel().queue_declare(queue, passive=True)
        finally:
            connection.close()

    def limit(self, queue: str, *, messages: int | None) -> None:
        """Let a queue hold no more than so many messages; None: as the manifest has it again."""
        url = f"{self.management_url}/api/policies/commonpurse/tests"
        if messages is None:
            requests.delete(url, timeout=10).raise_for_status()
            return
        policy = {
            "pattern": f"^{queue}$",
            "apply-to": "queues",
            "definition": {"max-length": messages, "overflow": "reject-publish"},
            "priority": 9,
        }
        requests.put(url, json=policy, timeout=10).raise_for_status()

    def purge(self, queue: str) -> None:
        connection = connect(self.url(), name="tests")
        connection.channel().queue_purge(queue)
        connection.close()


_EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}


@pytest.fixture
def broker(servers: Stack) -> Broker:
    return Broker(servers)


@pytest.fixture
def edge_url(servers: Stack) -> str:
    """The broker's address for who stands at the edge."""
    return servers.environment()["COMMONPURSE_BROKER_URL"]


@pytest.fixture
def line(broker: Broker) -> Iterator[Proxy]:
    """Stand between the broker and whoever reaches it through here."""
    with Proxy(broker.port) as proxy:
        yield proxy.open()


@pytest.fixture
def clean_broker(broker: Broker) -> Broker:
    for queue in ("budget.inbox", "budget.dead", "rpc-budget"):
        broker.purge(queue)
    return broker


@pytest.fixture
def plain(broker: Broker, start) -> Iterator[Callable[..., Program]]:
    """Start plain nameko in a virtual host of its own, where it may declare what it likes.

    The arguments: which of the plain services, and nameko's settings for it.
    """
    url = broker.add_virtual_host("plain")

    def start_plain(service: str = "PlainService", **config: Any) -> Program:
        return start(f"{HERE}.plain", service, json.dumps({"AMQP_URI": url, **config}))

    yield start_plain
    broker.remove_virtual_host("plain")


@pytest.fixture
def tell_plain(broker: Broker, plain) -> Callable[..., None]:
    """Publish to plain nameko's exchange."""

    def tell(body: bytes, **properties) -> None:
        connection = connect(broker.url("plain"), name="tests")
        properties = {"content_type": "application/json", "delivery_mode": 2} | properties
        connection.channel().basic_publish(
            amqp.Message(body, **properties), "budget.events", "hold_placed"
        )
        connection.close()

    return tell
