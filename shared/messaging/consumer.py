"""How a nameko service reads its queues.

Raw messages, a connection that outlives the last handler, and nothing declared.

What stock nameko and kombu do instead is written in docs/architecture/nameko.md, N1 to N25; each
row has its tests in ``tests/contract/nameko``.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import amqp
import kombu
import kombu.exceptions
import structlog
from kombu.entity import Queue
from kombu.transport import pyamqp
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import ProviderCollector, SharedExtension
from nameko.messaging import QueueConsumer
from prometheus_client import Counter, Histogram

from shared.messaging import crash, properties  # noqa: F401 - properties are read by its rule
from shared.observability import probes

PREFETCH = 10  # for each queue; what is held while the database is away is bounded by it
TICK_SECONDS = 0.2
HANDLER_SECONDS = Histogram(
    "commonpurse_handler_seconds",
    "How long a message or a call took, by what was called and what came of it.",
    ["entrypoint", "outcome"],
)
REDELIVERIES = Counter("commonpurse_redeliveries", "Messages that the broker delivered again.")
PAUSE_AFTER_FAULT_SECONDS = 2.0

log = structlog.get_logger()


class RawMessage(pyamqp.Message):
    """A message as it came: kombu would unpack it first, however large that makes it (N4)."""

    def __init__(self, msg: Any, channel: Any = None, **kwargs: Any) -> None:
        (msg.properties.get("application_headers") or {}).pop("compression", None)
        super().__init__(msg, channel, **kwargs)  # type: ignore[no-untyped-call]
        self.body = self.body or b""  # py-amqp's empty body is a text


class DrainingQueueConsumer(QueueConsumer):
    """Hands raw messages to the queue's reader, and stays connected until all are settled."""

    def __init__(self) -> None:
        super().__init__()
        self._unsettled: set[Any] = set()
        self.is_stopping = False
        self.is_connected = False

    def get_consumers(self, consumer_cls: Callable[..., Any], channel: Any) -> list[Any]:
        self._unsettled = set()  # a new connection: the broker took back what was not settled
        channel.Message = RawMessage
        channel.auto_decode = False  # and py-amqp would decode it as its sender says
        for reader in self._providers:
            consumer = consumer_cls(
                queues=[reader.queue],
                auto_declare=False,
                on_message=partial(self._take, reader),
            )
            consumer.qos(prefetch_count=PREFETCH)
            self._consumers[reader] = consumer
        return list(self._consumers.values())

    def run(self, **kwargs: Any) -> None:
        super().run(safety_interval=TICK_SECONDS, **kwargs)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Come back soon after the broker does: kombu would wait up to half a minute."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.2, interval_step=0.3, interval_max=2
            )
            self.is_connected = True
            try:
                yield connection
            finally:
                self.is_connected = False

    def on_iteration(self) -> None:
        """Stop only when every consumer is cancelled and every message is settled (N6)."""
        probes.tick()
        self._cancel_consumers_if_requested()
        if not self._consumers and not self._unsettled:
            self.should_stop = True

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Reject what kombu cannot even wrap. Stock kombu logs the body and acknowledges (N4)."""
        log.error("message_rejected", reason=f"unreadable:{type(exc).__name__}")
        reject = message.channel.basic_reject  # it may be py-amqp's message, which has none
        self._quietly(partial(reject, message.delivery_tag, requeue=False))

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        probes.tick()
        log.warning("broker_away", fault=type(exc).__name__, retry_in_seconds=interval)

    def acknowledge(self, message: Any) -> None:
        self._settle(message, message.ack)
        crash.point("message.acknowledged")

    def reject(self, message: Any) -> None:
        """Send a message to the dead-letter queue."""
        self._settle(message, message.reject)

    def requeue(self, message: Any) -> None:
        """Give a message back to the broker, which counts how often it came."""
        self._settle(message, message.requeue)

    def leave(self, message: Any) -> None:
        """Neither acknowledge nor reject: the broker takes the message back when we are gone."""
        self._unsettled.discard(message)

    def _take(self, reader: "QueueReader", message: Any) -> None:
        self._unsettled.add(message)
        structlog.contextvars.clear_contextvars()  # of the message before
        crash.point("message.received")
        if message.delivery_info.get("redelivered"):
            REDELIVERIES.inc()
        try:
            reader.receive(message)
        except ContainerBeingKilled:
            self.leave(message)  # it is not at fault
        except Exception:  # an error here would kill the container, and each replica in turn (N3)
            log.exception("message_rejected", reason="reader_failed")
            self.reject(message)

    def _settle(self, message: Any, act: Callable[[], None]) -> None:
        self._quietly(act)
        self._unsettled.discard(message)

    @staticmethod
    def _quietly(act: Callable[[], None]) -> None:
        """Settle if the connection is still there; if not, the broker has the message back."""
        try:
            act()
        except (OSError, amqp.AMQPError, kombu.exceptions.KombuError) as error:
            log.warning("message_not_settled", fault=type(error).__name__)


class QueueReader(SharedExtension, ProviderCollector):
    """One queue of a service, and the entrypoints that its messages are for."""

    queue_consumer = DrainingQueueConsumer()
    queue: Any

    def queue_name(self, service: str) -> str:
        raise NotImplementedError

    def receive(self, message: Any) -> None:
        """Take one raw message and, sooner or later, settle it."""
        raise NotImplementedError

    def note(self, what: str, entrypoint: str, outcome: str, *, started_at: float) -> None:
        """Say in the log and in the metrics that a message was handled: how, and how long."""
        entrypoint = f"{self.container.service_name}.{entrypoint}"
        seconds = time.monotonic() - started_at
        HANDLER_SECONDS.labels(entrypoint, outcome).observe(seconds)
        log.info(what, entrypoint=entrypoint, outcome=outcome, duration_ms=round(seconds * 1000))

    def setup(self) -> None:
        name = self.queue_name(self.container.service_name)
        self.queue = Queue(name, durable=True, no_declare=True)  # type: ignore[no-untyped-call]
        self.queue_consumer.register_provider(self)

    def _transaction(self) -> Any:
        """Open a transaction outside a worker, from the same pool as the workers'."""
        database = next(one for one in self.container.dependencies if hasattr(one, "sessions"))
        return database.sessions.begin()

    def register_provider(self, provider: Any) -> None:
        """Let an entrypoint have its messages; it keeps them until the last one is settled."""
        super().register_provider(provider)
        self.entrypoints = (*getattr(self, "entrypoints", ()), provider)

    def unregister_provider(self, provider: Any) -> None:
        """Stop reading when the last entrypoint of this queue leaves."""
        self.queue_consumer.is_stopping = True
        super().unregister_provider(provider)
        if not self._providers:
            self.queue_consumer.unregister_provider(self)
