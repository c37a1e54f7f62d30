"""The edge's way in: commands and queries to a service by RPC, each with a deadline.

Plain py-amqp, so that it serves the demo, the tests and later the gateway alike. One ``Edge``
belongs to one thread.
"""

import json
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import amqp

from shared import settings
from shared.contracts import documents, manifest
from shared.contracts.actor import Actor, ActorSigner, system
from shared.messaging.publisher import connect

NOT_KNOWN_YET_WAIT_SECONDS = 0.1
BUSY = "busy"
MAY_COME = ("not_known_yet", "in_progress")


class RefusedError(Exception):
    """The service understood and refused. Says what to do next."""

    def __init__(self, refusal: Mapping[str, Any]) -> None:
        super().__init__(f"{refusal['code']}: {refusal['message']} {refusal['next_step']}")
        self.code: str = refusal["code"]
        self.message: str = refusal["message"]
        self.next_step: str = refusal["next_step"]
        self.details: Mapping[str, Any] = refusal["details"]


class CallFailedError(Exception):
    """The service met a fault. It is logged there; the same command may be sent again."""


class CallBusyError(CallFailedError):
    """The service, or its database, is busy or away just now. The same may be asked at once."""


class CallTimedOutError(Exception):
    """No answer in time. Whether a command was carried out is unknown: repeat it with its id."""


class Edge:
    """One connection to the services, with a reply queue of its own."""

    def __init__(
        self, connection: amqp.Connection, *, user: str, signer: ActorSigner, actor: Actor
    ) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._signer = signer
        self.actor = actor  # who asks; the next call is theirs
        self._key = str(uuid4())
        self._awaited = ""
        self._reply: Any = None
        queue = f"rpc.reply-{user}-{self._key}"
        self._channel.queue_declare(queue, exclusive=True, auto_delete=True)
        self._channel.queue_bind(queue, manifest.RPC_EXCHANGE, self._key)
        self._channel.basic_consume(queue, no_ack=True, callback=self._note)

    @classmethod
    def connect(
        cls, environment: Mapping[str, str], *, name: str, actor: Actor | None = None
    ) -> Self:
        """Open a connection as the broker user of the address, one of the edge's.

        Args:
            environment: holds the broker's address and the key that signs who acts.
            name: of the connection; and of the system that acts, unless an actor is given.
            actor: who asks.

        Raises:
            OSError or amqp.AMQPError: the broker is away or refuses.
            SettingMissingError or BadActorKeyError: a setting is missing or wrong.
        """
        broker_url = settings.required(environment, "COMMONPURSE_BROKER_URL")
        signer = ActorSigner.of(environment)
        connection = connect(broker_url, name=name, heartbeat_seconds=0)
        user = urlsplit(broker_url).username or ""
        return cls(connection, user=user, signer=signer, actor=actor or system(name))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def query(
        self,
        service: str,
        operation: str,
        request: Mapping[str, Any],
        *,
        timeout_seconds: float = 10,
    ) -> Any:
        """Return what a service knows.

        Raises:
            RefusedError, CallFailedError or CallTimedOutError.
        """
        return self._call(service, operation, request, {}, timeout_seconds)

    def command(
        self,
        service: str,
        operation: str,
        request: Mapping[str, Any],
        *,
        command_id: UUID | None = None,
        correlation_id: UUID | None = None,
        traceparent: str = "",
        timeout_seconds: float = 30,
        is_patient: bool = True,
    ) -> Any:
        """Have something done once, and return the answer.

        What the service does not know yet, or does just now, is tried again with the same id
        until the deadline, if the caller ``is_patient``.

        ``command_id`` is chosen by a caller who wants to be able to repeat, and new otherwise;
        ``correlation_id`` names the story this belongs to, otherwise the command's own id does;
        ``traceparent`` is the caller's span, if somebody records it.

        Raises:
            RefusedError, CallFailedError or CallTimedOutError.
        """
        own_id = command_id or uuid4()
        context = {
            "command_id": str(own_id),
            "correlation_id": str(correlation_id or own_id),
            "traceparent": traceparent,
        }
        give_up_at = time.monotonic() + timeout_seconds
        while True:
            left = give_up_at - time.monotonic()
            try:
                return self._call(service, operation, request, context, left)
            except RefusedError as refusal:
                left = give_up_at - time.monotonic()
                is_time_left = left >= 2 * NOT_KNOWN_YET_WAIT_SECONDS
                if refusal.code not in MAY_COME or not is_patient or not is_time_left:
                    raise
            time.sleep(NOT_KNOWN_YET_WAIT_SECONDS)

    def dry_run(
        self,
        service: str,
        operation: str,
        request: Mapping[str, Any],
        *,
        timeout_seconds: float = 30,
    ) -> Any:
        """Ask what a command ``would_answer`` and which ``effects`` it would have; none stays.

        Raises:
            RefusedError: the command would be refused; CallFailedError or CallTimedOutError.
        """
        context = {"is_dry_run": True}
        return self._call(service, operation, request, context, timeout_seconds)

    def _call(
        self,
        service: str,
        operation: str,
        request: Mapping[str, Any],
        context: Mapping[str, Any],
        timeout_seconds: float,
    ) -> Any:
        self._awaited, self._reply = str(uuid4()), None
        called = f"{service}.{operation}"
        token = self._signer.sign(self.actor, operation=called, at_seconds=time.time())
        context = {**context, "actor": token}
        body = {"args": [], "kwargs": {"request": dict(request), "context": context}}
        self._channel.basic_publish(
            amqp.Message(
                documents.write(body),
                content_type="application/json",
                reply_to=self._key,
                correlation_id=self._awaited,
                expiration=str(max(1, round(timeout_seconds * 1000))),
            ),
            manifest.RPC_EXCHANGE,
            called,
        )
        self._await_reply(timeout_seconds)
        return _outcome(self._reply, called)

    def _await_reply(self, timeout_seconds: float) -> None:
        give_up_at = time.monotonic() + timeout_seconds
        while self._reply is None:
            left = give_up_at - time.monotonic()
            try:
                self._connection.drain_events(timeout=max(left, 0.001))
            except TimeoutError:
                raise CallTimedOutError(f"No answer within {timeout_seconds:.1f} s.") from None

    def _note(self, message: amqp.Message) -> None:
        """Take the reply that is waited for; one that comes too late is of no use."""
        if message.properties.get("correlation_id") == self._awaited:
            self._reply = json.loads(message.body)


def _outcome(reply: Mapping[str, Any], called: str) -> Any:
    if reply["error"] is not None:
        kind = reply["error"]["exc_type"]
        raise (CallBusyError if kind == BUSY else CallFailedError)(f"{called}: {kind}")
    if "refusal" in reply["result"]:
        raise RefusedError(reply["result"]["refusal"])
    return reply["result"]["result"]
