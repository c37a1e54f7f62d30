"""Hears what is asked of the services: every command that anybody's RPC brings, and its answer.

People's commands come by the gateway, which gives them their ids: only on the broker can one see
what a service is asked in the end.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import amqp

from deploy.local.ports import LOOPBACK
from deploy.local.stack import Stack
from shared import clock
from shared.contracts import manifest
from shared.messaging.publisher import connect

Line = dict[str, Any]
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 10.0


class Tap:
    """Notes each command that was done, with its answer, in order of time."""

    def __init__(self, channel: amqp.Channel) -> None:
        self._asked: dict[str, Line] = {}  # by the correlation id of the call
        self._done: dict[str, Line] = {}  # by the command's id: said again, it is done once
        queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(queue, manifest.RPC_EXCHANGE, "#")
        channel.basic_consume(queue, no_ack=True, callback=self._hear)

    def lines(self) -> list[Line]:
        return list(self._done.values())

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._asked)

    def _hear(self, message: amqp.Message) -> None:
        call, told = message.properties["correlation_id"], json.loads(message.body)
        if "kwargs" in told:
            self._note(call, message.delivery_info["routing_key"], told["kwargs"])
        elif call in self._asked:
            line, answer = self._asked.pop(call), told["result"]
            if told["error"] is None and "result" in answer:
                self._done.setdefault(line["id"], {**line, "answer": answer["result"]})

    def _note(self, call: str, operation: str, told: Mapping[str, Any]) -> None:
        context = told.get("context", {})
        if "command_id" not in context:
            return  # a question
        service, _, name = operation.partition(".")
        at: datetime = clock.now()
        self._asked[call] = {
            "what": "command",
            "at": at,
            "service": service,
            "operation": name,
            "id": context["command_id"],
            "correlationid": context["correlation_id"],
            "request": told["request"],
        }


@contextmanager
def listening(stack: Stack) -> Iterator[Tap]:
    """Listen on a stack's broker, as its administrator, for the length of a block."""
    management = stack.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    password = management.split("@")[0].rpartition(":")[2]
    address = stack.environment()["COMMONPURSE_BROKER_URL"].split("@")[1]
    port = address.split("/")[0].split(":")[1]
    connection = connect(f"amqp://deploy:{password}@{LOOPBACK}:{port}/commonpurse", name="tap")
    tap, is_over = Tap(connection.channel()), threading.Event()

    def listen() -> None:
        give_up_at = float("inf")
        while not is_over.is_set() or (tap.is_waiting and time.monotonic() < give_up_at):
            if is_over.is_set():
                give_up_at = min(give_up_at, time.monotonic() + PATIENCE_SECONDS)
            try:
                connection.drain_events(timeout=LOOK_SECONDS)
            except TimeoutError:
                continue

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield tap
    finally:
        is_over.set()
        thread.join()
        connection.close()
