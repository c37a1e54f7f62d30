"""A service's inbox queue: events in, each to the subscriber that listens to it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import eventlet
import structlog

from shared.contracts import catalogue, documents, manifest
from shared.errors import NotKnownYetError
from shared.messaging import inbox
from shared.messaging.consumer import PAUSE_AFTER_FAULT_SECONDS, QueueReader
from shared.messaging.dead_letter_queue import DeadLetterQueue
from shared.messaging.holding import holding
from shared.messaging.inbox import Delivery, Transaction
from shared.observability import logs, spans

RETRY_POLL_SECONDS = 0.25
A_MOMENT_SECONDS = 0.05

log = structlog.get_logger()


class EventQueue(QueueReader):
    """Reads ``<service>.inbox``. What it cannot read is a dead letter at once."""

    dead_letters = DeadLetterQueue()

    def queue_name(self, service: str) -> str:
        return manifest.inbox_queue(service)

    def register_provider(self, provider: Any) -> None:
        """Let a subscription have its event; a second one to the same would never hear it."""
        if any(one.event_class is provider.event_class for one in getattr(self, "entrypoints", ())):
            raise TypeError(f"{provider.event_class.event_type} is subscribed to twice.")
        super().register_provider(provider)

    def start(self) -> None:
        self.container.spawn_managed_thread(self._retry_for_ever, identifier="inbox retries")

    def receive(self, message: Any) -> None:
        try:
            envelope = documents.read(message.body, content_type=message.content_type)
            subscription, delivery = self._delivery(envelope)
        except (documents.UnreadableDocumentError, catalogue.UnreadableEventError):
            # Not by way of the broker: a header it cannot read stops its dead letters for ever.
            self.dead_letters.receive(message)
            return
        self.container.spawn_worker(
            subscription,
            (partial(self._settle_after, message, delivery),),
            {},
            context_data={"trace": delivery.trace},
        )

    def _delivery(
        self, envelope: Mapping[str, Any], *, consumer: str | None = None
    ) -> tuple[Any, Delivery]:
        """Return the subscription that an envelope is for, and what it is to be given.

        ``consumer`` names the subscription to which a stored message was given before.

        Raises:
            UnreadableEventError: no subscriber of this service can use it.
        """
        event = catalogue.load(envelope)
        for subscription in self.entrypoints:
            is_asked_for = consumer in {None, subscription.method_name}
            if subscription.event_class is type(event) and is_asked_for:
                return subscription, Delivery(
                    consumer=subscription.method_name,  # stored: rename it, and it is another
                    message_id=event.event_id,
                    event=event,
                    envelope=envelope,
                    subscriber=subscription.subscriber,
                    trace=inbox.trace_for(envelope),
                )
        raise catalogue.UnreadableEventError("nobody_listens")

    def _settle_after(self, message: Any, delivery: Delivery, transaction: Transaction) -> None:
        """Give a message to its subscriber, or store it for later; then acknowledge it."""
        if self._finish(delivery, inbox.process, transaction):
            self.queue_consumer.acknowledge(message)
        elif self.queue_consumer.is_stopping:
            self.queue_consumer.leave(message)
        else:
            eventlet.sleep(PAUSE_AFTER_FAULT_SECONDS)
            self.queue_consumer.requeue(message)

    def _finish(
        self,
        delivery: Delivery,
        attempt: Callable[..., str],
        transaction: Transaction,
    ) -> bool:
        """Process a delivery or keep it for a retry. False: neither could be done now."""
        started_at = time.monotonic()
        logs.bind_story(delivery.trace)
        span = spans.span(
            "CONSUMER",
            f"process {delivery.event.event_type}",
            place=self.queue_name(self.container.service_name),
            message_id=delivery.message_id,
            trace=delivery.trace,
        )
        try:
            with span as trace:
                logs.bind_story(trace)
                work = partial(attempt, replace(delivery, trace=trace), transaction=transaction)
                outcome = self._soon_again(work)
        except eventlet.greenlet.GreenletExit:
            raise
        except BaseException as failure:  # noqa: BLE001 - also eventlet.Timeout, which is none (N12)
            outcome = self._keep(delivery, failure, transaction)
        self.note("event_handled", delivery.consumer, outcome, started_at=started_at)
        return outcome != "left"

    def _soon_again(self, work: Callable[[], str]) -> str:
        """Do the work; what it does not know yet is often on its way beside it, so wait a moment.

        Two messages of one story are handled by two workers at once, and the later may be first.
        """
        try:
            return self._holding(work)
        except NotKnownYetError:
            eventlet.sleep(A_MOMENT_SECONDS)
            return self._holding(work)

    def _keep(self, delivery: Delivery, failure: BaseException, transaction: Transaction) -> str:
        try:
            kept = self._holding(
                partial(inbox.keep_for_retry, delivery, failure, transaction=transaction)
            )
        except Exception:
            log.exception("message_not_kept", entrypoint=delivery.consumer)
            return "left"
        log.log(
            40 if kept == "dead" else 20,
            "event_kept",
            entrypoint=delivery.consumer,
            fault=type(failure).__name__,
            where=logs.where(failure),
        )
        return kept

    def _retry_for_ever(self) -> None:
        """Try again what is due. An error here must not end the service (N3)."""
        while not self.queue_consumer.is_stopping:
            pause_seconds = RETRY_POLL_SECONDS
            try:
                for stored in inbox.due(transaction=self._transaction):
                    self._retry_one(stored)
            except Exception:
                log.exception("retries_interrupted")
                pause_seconds = PAUSE_AFTER_FAULT_SECONDS
            eventlet.sleep(pause_seconds)

    def _retry_one(self, stored: inbox.Stored) -> None:
        """Try a stored message again. One that goes wrong in a new way holds nobody up."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(causation_id=str(stored.message_id))
        try:
            self._retry(stored)
        except Exception:
            log.exception("retry_interrupted", entrypoint=stored.consumer)

    def _retry(self, stored: inbox.Stored) -> None:
        """Try a stored message again; one that this release cannot read any more is dead."""
        try:
            _, delivery = self._delivery(stored.envelope, consumer=stored.consumer)
        except catalogue.UnreadableEventError as error:
            inbox.bury(stored, error.reason, transaction=self._transaction)
            log.error("message_dead", entrypoint=stored.consumer, reason=error.reason)  # noqa: TRY400
            return
        self._finish(delivery, inbox.retry, self._transaction)

    def _holding(self, attempt: Callable[[], Any]) -> Any:
        return holding(attempt, is_stopping=lambda: self.queue_consumer.is_stopping)
