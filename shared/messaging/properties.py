"""A message whose properties cannot be read at all has none, on every connection of ours.

py-amqp would raise while it reads from the connection: a single message would end whoever reads
the queue, and each replica in turn (N3 in docs/architecture/nameko.md). Whoever opens a connection
imports this.
"""

import amqp
import structlog
from amqp.serialization import GenericContent

log = structlog.get_logger()


def _load_properties(self: amqp.Message, class_id: int, buffer: bytes, offset: int) -> int:
    try:
        return GenericContent._load_properties(self, class_id, buffer, offset)  # noqa: SLF001
    except Exception as error:  # noqa: BLE001 - whatever its sender wrote
        log.warning("properties_unreadable", fault=type(error).__name__)
        self.properties = {}
        return offset


amqp.Message._load_properties = _load_properties  # noqa: SLF001
