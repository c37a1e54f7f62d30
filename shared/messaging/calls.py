"""A service's RPC queue: commands and queries from the edge, and the replies to them.

On the wire this is nameko's own RPC, so its clients work; what is read from the wire is
checked first, and nothing it holds can end the service (N3).
"""

import os
import re
import time
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import amqp
import eventlet
import eventlet.queue
import structlog
from nameko.extensions import SharedExtension

from shared import clock, settings
from shared.contracts import documents, manifest
from shared.contracts.actor import KEYS, UntrustedActorError, verified
from shared.database import is_passing
from shared.messaging import crash
from shared.messaging.answering import Call
from shared.messaging.consumer import QueueReader
from shared.messaging.publisher import connect
from shared.observability import logs
from shared.settings import ServiceSettings
from shared.trace import Trace

_UUID = re.compile(manifest.UUID_PATTERN)

log = structlog.get_logger()


class ReplySender(SharedExtension):
    """One connection of its own for replies, so that no worker waits for a pool of them (N22)."""

    def setup(self) -> None:
        self._waiting = eventlet.queue.Queue()
        self._channel: Any = None

    def start(self) -> None:
        self.container.spawn_managed_thread(self._send_for_ever, identifier="replies")

    def stop(self) -> None:
        """Wait for the last reply; the container ends the greenthread afterwards."""
        while self._waiting.unfinished_tasks:
            eventlet.sleep(0.01)

    def send(self, reply: bytes, *, reply_to: str, correlation_id: str, then: Any) -> None:
        """Send a reply when the connection allows, and call ``then`` afterwards."""
        self._waiting.put((reply, reply_to, correlation_id, then))

    def _send_for_ever(self) -> None:
        while True:
            reply, reply_to, correlation_id, then = self._waiting.get()
            try:
                self._send_or_reconnect(reply, reply_to, correlation_id)
            except Exception:
                # The caller times out and asks again with its id; the answer is stored.
                log.exception("reply_not_sent")
                self._channel = None
            crash.point("command.replied")
            then()
            self._waiting.task_done()

    def _send_or_reconnect(self, reply: bytes, reply_to: str, correlation_id: str) -> None:
        """Send, and once more on a new connection: the broker may have come and gone since."""
        try:
            self._send(reply, reply_to, correlation_id)
        except (OSError, amqp.AMQPError):
            self._channel = None
            self._send(reply, reply_to, correlation_id)

    def _send(self, reply: bytes, reply_to: str, correlation_id: str) -> None:
        if self._channel is None:
            broker_url = ServiceSettings.from_environment().broker_url
            name = f"{self.container.service_name}-replies"
            self._channel = connect(broker_url, name=name, heartbeat_seconds=0).channel()
        self._channel.basic_publish(
            amqp.Message(reply, content_type="application/json", correlation_id=correlation_id),
            manifest.RPC_EXCHANGE,
            reply_to,
        )


class CallQueue(QueueReader):
    """Reads ``rpc-<service>``."""

    reply_sender = ReplySender()

    def setup(self) -> None:
        super().setup()
        self.actor_keys = settings.required(os.environ, KEYS)

    def queue_name(self, service: str) -> str:
        return manifest.rpc_queue(service)

    def receive(self, message: Any) -> None:
        properties = message.properties
        if not _UUID.fullmatch(str(properties.get("reply_to") or "")):
            log.error("call_rejected", reason="no_reply_to")
            self.queue_consumer.reject(message)
            return
        try:
            document = documents.read(message.body, content_type=message.content_type)
            operation, call, trace = self._read(document, message.delivery_info["routing_key"])
        except UntrustedActorError:
            log.warning("call_rejected", reason="untrusted_actor")
            self._reply(message, {"result": None, "error": _fault("untrusted_actor")})
            return
        except (
            documents.UnreadableDocumentError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ):
            self._reply(message, {"result": None, "error": _fault("malformed_call")})
            return
        self.container.spawn_worker(
            operation,
            (call,),
            {},
            context_data={"trace": trace},
            handle_result=partial(self._answered, message, call, time.monotonic()),
        )

    def _read(self, document: dict[str, Any], routing_key: str) -> tuple[Any, Call, Trace]:
        """Return the operation that is called, what is asked of it, and the trace.

        Raises:
            AttributeError, KeyError, TypeError or ValueError: it is not a call of ours.
            UntrustedActorError: nobody we trust says who acts.
        """
        name = routing_key.rpartition(".")[2]
        (operation,) = (one for one in self.entrypoints if one.method_name == name)
        arguments = document["kwargs"]
        context = arguments.get("context", {})
        request = arguments["request"]
        if not isinstance(request, dict):
            raise TypeError("request")
        command_id = context.get("command_id")
        actor = verified(
            context["actor"],
            keys=self.actor_keys,
            operation=routing_key,
            at_seconds=time.time(),
        )
        call = Call(
            operation=name,
            request=request,
            actor=actor,
            command_id=None if command_id is None else UUID(command_id),
            is_dry_run=context.get("is_dry_run") is True,
        )
        trace = Trace(
            correlation_id=UUID(context.get("correlation_id") or str(uuid4())),
            causation_id=call.command_id or uuid4(),
            actor=actor.place,
            at=clock.now(),
            traceparent=str(context.get("traceparent", "")),
        )
        return operation, call, trace

    def _answered(
        self,
        message: Any,
        call: Call,
        started_at: float,
        *outcome_of_worker: Any,
    ) -> tuple[Any, None]:
        """Reply to the caller. A fault's text stays here: it may name a person (N19)."""
        worker_ctx, result, exc_info = outcome_of_worker
        logs.bind_story(worker_ctx.data["trace"])
        if exc_info is not None:
            outcome = _outcome_of(exc_info, call.operation)
            answer = {"result": None, "error": _fault(outcome)}
        else:
            answer = {"result": result, "error": None}
            outcome = result["refusal"]["code"] if "refusal" in result else "done"
        self.note("request_handled", call.operation, outcome, started_at=started_at)
        self._reply(message, answer)
        return result, None

    def _reply(self, message: Any, answer: dict[str, Any]) -> None:
        self.reply_sender.send(
            documents.write(answer),
            reply_to=message.properties["reply_to"],
            correlation_id=str(message.properties.get("correlation_id", "")),
            then=partial(self.queue_consumer.acknowledge, message),
        )


def _outcome_of(exc_info: Any, operation: str) -> str:
    """Say in the log what went wrong, and return it in a word: ``busy`` passes by itself."""
    failure = exc_info[1]
    if is_passing(failure):
        reason = type(getattr(failure, "orig", failure)).__name__
        log.warning("call_busy", operation=operation, reason=reason, where=logs.where(failure))
        return "busy"
    log.error("call_failed", operation=operation, exc_info=exc_info)
    return "fault"


def _fault(code: str) -> dict[str, Any]:
    """Return an error in the form in which nameko's clients read one."""
    return {"exc_type": code, "exc_path": "", "exc_args": [], "value": code}
