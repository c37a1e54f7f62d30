"""One simulator under gunicorn for all tests here, and somebody who receives its callbacks."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
import requests
from notifications_python_client import NotificationsAPIClient

from tests.simulators.notify_server import LIVE_KEY, TEAM_KEY, TEST_KEY, notify_server

PATIENCE_SECONDS = 30


class Receiver:
    """Takes callbacks, by reference, and answers 200 unless told otherwise."""

    def __init__(self) -> None:
        self.answers: defaultdict[str, list[int]] = defaultdict(list)
        self.order: list[str] = []
        self.tokens: dict[str, str] = {}
        self._arrived: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._changed = threading.Condition()

    def take(self, receipt: dict[str, Any], *, token: str) -> int:
        with self._changed:
            reference = receipt.get("reference", receipt["id"])  # a received text has none
            self.tokens[receipt["id"]] = token
            self._arrived[reference].append(receipt)
            self.order.append(reference)
            self._changed.notify_all()
            planned = self.answers[receipt.get("message", reference)]
            return planned.pop(0) if planned else 200

    def arrived(self, reference: str) -> list[dict[str, Any]]:
        with self._changed:
            return list(self._arrived[reference])

    def wait_for(self, reference: str, *, count: int = 1) -> list[dict[str, Any]]:
        with self._changed:
            arrived = self._arrived[reference]
            enough = self._changed.wait_for(lambda: len(arrived) >= count, PATIENCE_SECONDS)
            assert enough, f"{len(arrived)} of {count} callbacks came"
            return list(arrived)


@pytest.fixture(scope="session")
def callbacks() -> Iterator[tuple[Receiver, str]]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            token = self.headers["Authorization"]
            self.send_response(receiver.take(json.loads(body), token=token))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield receiver, f"http://127.0.0.1:{server.server_port}/callbacks"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def simulator_url(callbacks: tuple[Receiver, str]) -> Iterator[str]:
    with notify_server(callbacks[1]) as url:
        yield url


@pytest.fixture
def another(callbacks: tuple[Receiver, str]) -> Iterator[Callable[..., str]]:
    """Run a simulator for one test alone: its clock may be moved, its limits may be low."""
    with ExitStack() as started:
        yield lambda **changed: started.enter_context(notify_server(callbacks[1], **changed))


@pytest.fixture
def receiver(callbacks: tuple[Receiver, str]) -> Receiver:
    return callbacks[0]


@pytest.fixture
def client(simulator_url: str) -> NotificationsAPIClient:
    return NotificationsAPIClient(LIVE_KEY, base_url=simulator_url)


@pytest.fixture
def test_client(simulator_url: str) -> NotificationsAPIClient:
    return NotificationsAPIClient(TEST_KEY, base_url=simulator_url)


@pytest.fixture
def team_client(simulator_url: str) -> NotificationsAPIClient:
    return NotificationsAPIClient(TEAM_KEY, base_url=simulator_url)


@pytest.fixture
def reference() -> str:
    return str(uuid4())


@pytest.fixture
def plan(simulator_url: str) -> Iterator[Callable[..., None]]:
    def plan_fault(fault: str, **details: float | str) -> None:
        body = {"fault": fault, **details}
        answer = requests.post(f"{simulator_url}/_sim/faults", json=body, timeout=5)
        assert answer.status_code == 201

    yield plan_fault
    requests.delete(f"{simulator_url}/_sim/faults", timeout=5)


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    def wait(condition: Callable[[], Any]) -> Any:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not (found := condition()):
            assert time.monotonic() < give_up_at, "it never came true"
        return found

    return wait
