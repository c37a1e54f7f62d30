"""One simulator under gunicorn for all tests here, and somebody who receives its callbacks."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from notifications_python_client import NotificationsAPIClient

ROOT = Path(__file__).parents[3]
SERVICE_ID = "11111111-1111-4111-8111-111111111111"
LIVE_KEY = f"demo-{SERVICE_ID}-22222222-2222-4222-8222-222222222222"
TEST_KEY = f"test-{SERVICE_ID}-33333333-3333-4333-8333-333333333333"
TEAM_KEY = f"team-{SERVICE_ID}-44444444-4444-4444-8444-444444444444"
CALLBACK_TOKEN = "a-token-for-receipts"
INBOUND_TOKEN = "a-token-for-received-texts"
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


@contextmanager
def running(callbacks: tuple[Receiver, str], **changed: str) -> Iterator[str]:
    """Run a simulator of its own, with some settings changed."""
    listener = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--threads=16"]
    command += [f"--bind=fd://{listener.fileno()}", "--log-level=warning", "--no-control-socket"]
    environment = {
        **os.environ,
        "NOTIFY_API_KEY": f"{LIVE_KEY},{TEST_KEY},{TEAM_KEY}",
        "NOTIFY_CALLBACK_URL": callbacks[1],
        "NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN,
        "NOTIFY_CALLBACK_RETRY_SECONDS": "0.05",
        "NOTIFY_INBOUND_CALLBACK_URL": callbacks[1],
        "NOTIFY_INBOUND_CALLBACK_TOKEN": INBOUND_TOKEN,
        "NOTIFY_TEAM": "07700 900456, kim@example.org",
        **changed,
    }
    program = subprocess.Popen(
        [*command, "simulators.notify.app:create_app()"],
        cwd=ROOT,
        env=environment,
        pass_fds=[listener.fileno()],
    )
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        assert requests.get(f"{url}/health/live", timeout=10).ok
        yield url
    finally:
        program.terminate()
        program.wait(timeout=10)
        listener.close()


@pytest.fixture(scope="session")
def simulator_url(callbacks: tuple[Receiver, str]) -> Iterator[str]:
    with running(callbacks) as url:
        yield url


@pytest.fixture
def another(callbacks: tuple[Receiver, str]) -> Iterator[Callable[..., str]]:
    """Run a simulator for one test alone: its clock may be moved, its limits may be low."""
    with ExitStack() as started:
        yield lambda **changed: started.enter_context(running(callbacks, **changed))


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
