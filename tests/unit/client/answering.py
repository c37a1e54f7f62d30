"""A gateway that gives the answers a test has ready, and a clock that the test moves."""

from flask import Flask, Response, json, request

from clients.python.commonpurse_client import Client
from clients.python.commonpurse_client.repeating import Clock
from tests.unit.client.through import session_through

BASE = "https://gateway.example"
UNIX = 1_000_000_000.0


class Gateway:
    """Gives the answers that a test has ready, in order, and remembers what was asked."""

    def __init__(self):
        self.ready, self.asked, self.slept = [], [], []
        self.app = Flask(__name__)
        self.app.add_url_rule(
            "/<path:_>", view_func=self.answer, methods=["GET", "POST", "PUT", "DELETE"]
        )
        self.time = 0.0

    def answer(self, _):
        self.asked.append((request.method, request.full_path, dict(request.headers), request.data))
        return self.ready.pop(0)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    def client(self, **more):
        session = session_through(self.app)
        through = session.get_adapter(BASE)
        really = through.send

        def send(asked, **how):
            if self.ready and isinstance(self.ready[0], Exception):
                raise self.ready.pop(0)
            return really(asked, **how)

        through.send = send
        clock = Clock(now=lambda: self.time, sleep=self.sleep, unix=lambda: UNIX)
        return Client(BASE, **{"token": "t", "http": session, "clock": clock, **more})

    def keys(self):
        return {headers.get("Idempotency-Key") for _, _, headers, _ in self.asked}


def problem(status, code="some_code", **headers):
    body = {"code": code, "detail": "So.", "next_step": "Do.", "status": status}
    return Response(json.dumps({**body, "details": {"n": 1}, "request_id": "r"}), status, headers)


def good(body=None):
    return Response(json.dumps(body or {}), 202)
