"""A small HTTP server that listens to simulators, and a way to serve them on loopback."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

from werkzeug.serving import make_server

PATIENCE_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Received:
    path: str
    headers: dict
    body: bytes
    received_at: float = field(default_factory=time.monotonic)

    @property
    def event(self) -> dict:
        return json.loads(self.body)

    @property
    def type(self) -> str | None:
        """The event's type; None where the body is no event."""
        try:
            return self.event["type"]
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int = 200
    body: bytes = b"{}"
    headers: dict = field(default_factory=dict)


class Listener:
    """Remembers what it receives; answers what was planned for the path, else 200."""

    def __init__(self) -> None:
        self.received = []
        self._answers = {}
        self._changed = Condition()
        self.url = ""

    def answer_with(self, path, *answers) -> None:
        """Plan answers for a path, in turn; the last one stays. One may be a callable."""
        self._answers[path] = list(answers)

    def take(self, request: Received) -> Answer:
        with self._changed:
            self.received.append(request)
            self._changed.notify_all()
            planned = self._answers.get(request.path.partition("?")[0], [Answer()])
            answer = planned.pop(0) if len(planned) > 1 else planned[0]
        return answer(request) if callable(answer) else answer

    def wait_for(self, event_type, *, times=1) -> list:
        """Wait until this many requests with this type are there."""

        def matching() -> list:
            return [one for one in self.received if one.type == event_type]

        with self._changed:
            is_there = self._changed.wait_for(
                lambda: len(matching()) >= times, timeout=PATIENCE_SECONDS
            )
            assert is_there, f"no {event_type} in {[one.type for one in self.received]}"
            return matching()

    def wait_until(self, is_so) -> bool:
        """Wait until this is so of what was received."""
        with self._changed:
            return self._changed.wait_for(is_so, timeout=PATIENCE_SECONDS)

    def of_type(self, event_type) -> list:
        with self._changed:
            return [one for one in self.received if one.type == event_type]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server.listener.take(
            Received(path=self.path, headers=dict(self.headers), body=body)
        )
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        with suppress(BrokenPipeError):  # who asked did not wait
            self.end_headers()
            self.wfile.write(answer.body)

    def log_message(self, *args):
        pass


@contextmanager
def running(server) -> Iterator[str]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the default of 5 drops connections when many ask at once


@contextmanager
def listening() -> Iterator[Listener]:
    server = Server(("127.0.0.1", 0), Handler)
    server.listener = Listener()
    with running(server) as url:
        server.listener.url = url
        yield server.listener


@contextmanager
def serving(app) -> Iterator[str]:
    """Serve a simulator; its sender stops with it."""
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        try:
            yield url
        finally:
            app.extensions["sender"].close()
