"""What a process answers over HTTP: whether it lives, whether it is ready, and its metrics.

A process without web pages of its own answers on the port in ``COMMONPURSE_HEALTH_PORT``; where
that is not set, nowhere. It does so by threads, which are green ones under eventlet. No answer
holds the text of a fault.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer
from sqlalchemy import text

STALLED_AFTER_SECONDS = 30
READY_WITHIN_SECONDS = 3

Check = Callable[[], bool]
Answer = tuple[dict[str, Any], HTTPStatus]

_turned = {"at": time.monotonic()}


def tick() -> None:
    """Note that the main loop of this process has turned."""
    _turned["at"] = time.monotonic()


def live() -> Answer:
    """Say whether the main loop still turns. Nobody's absence but its own matters here."""
    if time.monotonic() - _turned["at"] > STALLED_AFTER_SECONDS:
        return {"status": "stalled"}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "live"}, HTTPStatus.OK


def ready(checks: Mapping[str, Check]) -> Answer:
    """Say which of the things that the process needs are there, within a few seconds."""
    there = dict.fromkeys(checks, False)

    def ask(name: str, check: Check) -> None:
        with suppress(Exception):
            there[name] = check()

    threads = [Thread(target=ask, args=one, daemon=True) for one in checks.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(READY_WITHIN_SECONDS / len(threads))
    if not all(there.values()):
        return {"status": "not ready", **there}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ready", **there}, HTTPStatus.OK


def database_answers(transaction: Callable[[], Any]) -> bool:
    """Ask the database for nothing in particular."""
    with transaction() as session:
        session.execute(text("SELECT 1"))
    return True


class _Handler(WSGIRequestHandler):
    timeout = 5  # seconds: nobody keeps a thread by saying nothing

    def log_message(self, *_words: object) -> None:
        """Say nothing: that somebody asked is no news."""


def serve(checks: Mapping[str, Check]) -> None:
    """Answer on the port that the settings name, if they name one, from now on.

    Raises:
        OSError: somebody else has the port.
    """
    port = os.environ.get("COMMONPURSE_HEALTH_PORT")
    if not port:
        return
    answers: dict[str, Callable[[], Answer]] = {
        "/health/live": live,
        "/health/ready": partial(ready, checks),
    }
    metrics = make_wsgi_app()

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start_response)
        found, status = answers.get(path, lambda: ({}, HTTPStatus.NOT_FOUND))()
        start_response(f"{status} {status.phrase}", [("Content-Type", "application/json")])
        return [json.dumps(found).encode()]

    host = os.environ.get("COMMONPURSE_HEALTH_HOST", "127.0.0.1")
    server = make_server(host, int(port), answer, ThreadingWSGIServer, _Handler)
    Thread(target=server.serve_forever, name="health", daemon=True).start()
