"""The relay: sends what the outbox holds, oldest first, and marks what the broker confirmed.

A plain process of its own, without eventlet, one for each outbox; a second one is safe.
``python -m operations.relay <service>``
"""

import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import amqp
import structlog
from prometheus_client import Counter
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from shared.contracts import manifest
from shared.contracts.documents import LARGEST_MESSAGE_BYTES as LARGEST
from shared.database import open_engine
from shared.messaging import crash, retention, wake
from shared.messaging.holding import pause_seconds
from shared.messaging.publisher import Outgoing, Publisher, connect
from shared.messaging.stopping import stop_on_signal
from shared.observability import logs, probes
from shared.settings import ServiceSettings

BATCH_SIZE = 100
LONGEST_BACKOFF_SECONDS = 300
MOST_ATTEMPTS = 20  # of a row over which the broker closes the channel: 30 to 60 minutes in all
ONE_BY_ONE_SECONDS = 10  # for a batch that is divided; what is left of it has its turn later
CLEAR_EVERY_SECONDS = 60.0
KEEP_ALIVE_EVERY_SECONDS = 1.0
# What waits all of a sudden is in no statistics: the planner would sort all of it for each batch.
BY_THE_INDEX = "-c enable_sort=off -c enable_bitmapscan=off -c enable_seqscan=off"
NO_ROUTE, TOO_LARGE, NOT_TAKEN = "NO_ROUTE", "too_large", "nack"

_CLAIM = text("""
    SELECT position, message_id, event_type, body::text AS body, attempts
    FROM outbox
    WHERE state = 'pending' AND next_attempt_at <= clock_timestamp()
    ORDER BY position LIMIT :batch_size FOR UPDATE SKIP LOCKED
""")
_MARK = text("""
    UPDATE outbox SET state = 'published', published_at = clock_timestamp(),
                      attempts = attempts + 1, last_error = NULL
    WHERE position = ANY(:positions)
""")
_PARK = text("""
    UPDATE outbox SET state = 'parked', attempts = attempts + 1, last_error = :reason
    WHERE position = :position
    RETURNING correlation_id, message_id AS causation_id, body->>'actas' AS actor,
              body->>'traceparent' AS traceparent
""")
_POSTPONE = text("""
    UPDATE outbox SET attempts = attempts + 1, last_error = :reason,
                      next_attempt_at = clock_timestamp() + make_interval(secs => :seconds)
    WHERE position = :position
""")

PUBLISHED = Counter("commonpurse_relay_published", "Events that the broker confirmed.")
REFUSED = Counter("commonpurse_relay_refused", "Events that the broker did not take.", ["reason"])
PARKED = Counter("commonpurse_relay_parked", "Events put aside for somebody to look at.")

log = structlog.get_logger()


class Relay:
    """Moves committed events of one service to the broker."""

    def __init__(self, *, service: str, settings: ServiceSettings) -> None:
        self._service = service
        self._settings = settings
        self._engine: Engine = open_engine(settings.database_url, pool_size=1, options=BY_THE_INDEX)
        self._alarm = wake.Alarm(directory=settings.wake_directory, name=f"{service}-relay")
        self._publisher: Publisher | None = None
        self._clear_at = 0.0
        self._keep_alive_at = 0.0
        self._is_stopping = False

    def stop(self) -> None:
        self._is_stopping = True

    def run(self) -> None:
        """Send until somebody stops us; broker and database may come and go."""
        failures = 0
        database = partial(probes.database_answers, self._engine.begin)
        probes.serve({"database": database, "broker": lambda: self._publisher is not None})
        while not self._is_stopping:
            try:
                self._send_all()
                self._clear_when_due()
                failures = 0
                self._alarm.wait()
            except (OSError, amqp.AMQPError, DBAPIError):
                failures += 1
                log.warning("relay_interrupted", failures=failures, exc_info=True)
                # Not by the alarm: whoever commits meanwhile would wake us at once.
                time.sleep(pause_seconds(failures))
        self._disconnect()

    def _send_all(self) -> None:
        """Send every batch that is due, then answer the broker's heartbeat."""
        while self.send_batch() == BATCH_SIZE and not self._is_stopping:
            pass
        if time.monotonic() >= self._keep_alive_at:
            with self._connection_dropped_on_error():
                self._connected().keep_alive()
            self._keep_alive_at = time.monotonic() + KEEP_ALIVE_EVERY_SECONDS

    def _clear_when_due(self) -> None:
        if time.monotonic() >= self._clear_at:
            cleared_all = retention.clear_some(self._engine)
            self._clear_at = time.monotonic() + (CLEAR_EVERY_SECONDS if cleared_all else 1)

    def send_batch(self) -> int:
        """Send one batch and return how many rows it held.

        The rows stay locked until they are marked, so a crash anywhere leaves them pending:
        a listener may hear an event twice, and recognises it, but never not at all.

        Raises:
            OSError, amqp.AMQPError or DBAPIError: broker or database is away; nothing is marked.
        """
        probes.tick()
        with self._engine.begin() as connection:
            rows = connection.execute(_CLAIM, {"batch_size": BATCH_SIZE}).all()
            if not rows:
                return 0
            crash.point("relay.claimed")
            refused = self._publish(rows)
            crash.point("relay.confirmed")
            sent = [row.position for row in rows if self._is_sent(connection, row, refused)]
            connection.execute(_MARK, {"positions": sent})
            crash.point("relay.marked")
        crash.point("relay.committed")
        PUBLISHED.inc(len(sent))
        log.debug("events_sent", count=len(sent))
        return len(rows)

    def _publish(self, rows: Sequence[Any]) -> dict[str, str]:
        """Publish and return why some rows were not taken.

        Where the broker closes the channel over one of them, each is sent by itself, so that
        the one at fault holds nobody up.
        """
        messages = [self._outgoing(row) for row in rows]
        refused = {one.message_id: TOO_LARGE for one in messages if len(one.body) > LARGEST}
        messages = [one for one in messages if one.message_id not in refused]
        try:
            return refused | self._send(messages)
        except amqp.ChannelError:
            log.warning("batch_divided", count=len(messages), exc_info=True)
        give_up_at = time.monotonic() + ONE_BY_ONE_SECONDS
        for message in messages:
            if time.monotonic() > give_up_at:
                refused[message.message_id] = NOT_TAKEN
                continue
            try:
                refused |= self._send([message])
            except amqp.ChannelError as error:
                refused[message.message_id] = str(error.reply_code)
        return refused

    def _send(self, messages: Sequence[Outgoing]) -> dict[str, str]:
        with self._connection_dropped_on_error():
            return self._connected().publish(messages)

    def _connected(self) -> Publisher:
        if self._publisher is None:
            name = f"{self._service}-relay"
            self._publisher = Publisher(connect(self._settings.broker_url, name=name))
        return self._publisher

    @contextmanager
    def _connection_dropped_on_error(self) -> Iterator[None]:
        """Take another connection after an error: this one may confirm what it never sent (N11)."""
        try:
            yield
        except BaseException:
            self._disconnect()
            raise

    def _outgoing(self, row: Any) -> Outgoing:
        return Outgoing(
            message_id=str(row.message_id),
            exchange=manifest.events_exchange(self._service),
            routing_key=row.event_type,
            body=row.body.encode(),
        )

    @staticmethod
    def _is_sent(connection: Connection, row: Any, refused: Mapping[str, str]) -> bool:
        """Tell whether a row is done with; if not, keep it for later, or for somebody to see."""
        reason = refused.get(str(row.message_id))
        if reason is None or (reason == NO_ROUTE and not manifest.has_listener(row.event_type)):
            return True
        REFUSED.labels(reason).inc()
        is_lasting = reason in {NO_ROUTE, TOO_LARGE}
        if is_lasting or (reason != NOT_TAKEN and row.attempts + 1 >= MOST_ATTEMPTS):
            parked = connection.execute(_PARK, {"position": row.position, "reason": reason}).one()
            PARKED.inc()
            log.error(
                "event_parked", event_type=row.event_type, reason=reason, **logs.story(parked)
            )
        else:
            seconds = min(LONGEST_BACKOFF_SECONDS, 2**row.attempts) * random.uniform(0.5, 1)  # noqa: S311  # nosec B311  # a delay, no secret
            connection.execute(
                _POSTPONE, {"position": row.position, "reason": reason, "seconds": seconds}
            )
        return False

    def _disconnect(self) -> None:
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None


def main(arguments: Sequence[str]) -> int:
    (service,) = arguments
    logs.configure(process=f"{service}-relay")
    relay = Relay(service=service, settings=ServiceSettings.from_environment())
    stop_on_signal(relay.stop)
    relay.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
