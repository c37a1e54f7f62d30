"""The relay: sends what the outbox holds, oldest first, and marks what the broker confirmed.

A plain process of its own, without eventlet, one for each outbox; a second one is safe.
``python -m shared.messaging.relay <service>``
"""

import random
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

import amqp
import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from shared.database import open_engine
from shared.messaging import topology, wake
from shared.messaging.publisher import Outgoing, Publisher, connect
from shared.observability import logs
from shared.settings import ServiceSettings

BATCH_SIZE = 100
LONGEST_BACKOFF_SECONDS = 300

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
""")
_POSTPONE = text("""
    UPDATE outbox SET attempts = attempts + 1, last_error = :reason,
                      next_attempt_at = clock_timestamp() + make_interval(secs => :seconds)
    WHERE position = :position
""")

log = structlog.get_logger()


class Relay:
    """Moves committed events of one service to the broker."""

    def __init__(self, *, service: str, settings: ServiceSettings) -> None:
        self._service = service
        self._settings = settings
        self._engine: Engine = open_engine(settings.database_url, pool_size=1)
        self._alarm = wake.Alarm(directory=settings.wake_directory, name=f"{service}-relay")
        self._publisher: Publisher | None = None
        self._is_stopping = False

    def stop(self, *_signal: int | FrameType | None) -> None:
        self._is_stopping = True

    def run(self) -> None:
        """Send until somebody stops us; broker and database may come and go."""
        failures = 0
        while not self._is_stopping:
            try:
                self._send_all()
                failures = 0
                self._alarm.wait()
            except (OSError, amqp.AMQPError, DBAPIError):
                failures += 1
                log.warning("relay_interrupted", failures=failures, exc_info=True)
                self._disconnect()
                self._alarm.wait(min(5.0, 0.2 * 2**failures) * random.uniform(0.5, 1))  # noqa: S311
        self._disconnect()

    def _send_all(self) -> None:
        """Send every batch that is due, then answer the broker's heartbeat."""
        while self.send_batch() == BATCH_SIZE and not self._is_stopping:
            pass
        if self._publisher is not None:
            self._publisher.keep_alive()

    def send_batch(self) -> int:
        """Send one batch and return how many rows it held.

        The rows stay locked until they are marked, so a crash anywhere leaves them pending:
        a listener may hear an event twice, and recognises it, but never not at all.
        """
        with self._engine.begin() as connection:
            rows = connection.execute(_CLAIM, {"batch_size": BATCH_SIZE}).all()
            if not rows:
                return 0
            refused = self._connected().publish([self._outgoing(row) for row in rows])
            sent = []
            for row in rows:
                reason = refused.get(str(row.message_id))
                unheard = reason == "NO_ROUTE" and not topology.has_listener(row.event_type)
                if reason is None or unheard:
                    sent.append(row.position)
                else:
                    self._keep(connection, row, reason)
            connection.execute(_MARK, {"positions": sent})
        log.debug("events_sent", count=len(sent))
        return len(rows)

    def _outgoing(self, row: Any) -> Outgoing:
        return Outgoing(
            message_id=str(row.message_id),
            exchange=topology.events_exchange(self._service),
            routing_key=row.event_type,
            body=row.body.encode(),
        )

    @staticmethod
    def _keep(connection: Connection, row: Any, reason: str) -> None:
        """Keep a message that the broker did not take: for later, or for somebody to look at."""
        if reason == "nack":
            seconds = min(LONGEST_BACKOFF_SECONDS, 2**row.attempts) * random.uniform(0.5, 1)  # noqa: S311
            connection.execute(
                _POSTPONE, {"position": row.position, "reason": reason, "seconds": seconds}
            )
        else:
            connection.execute(_PARK, {"position": row.position, "reason": reason})
            log.error("event_parked", event_type=row.event_type, reason=reason)

    def _connected(self) -> Publisher:
        if self._publisher is None:
            name = f"{self._service}-relay"
            self._publisher = Publisher(connect(self._settings.broker_url, name=name))
        return self._publisher

    def _disconnect(self) -> None:
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None


def main(arguments: Sequence[str]) -> int:
    (service,) = arguments
    logs.configure(process=f"{service}-relay")
    relay = Relay(service=service, settings=ServiceSettings.from_environment())
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, relay.stop)
    relay.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
