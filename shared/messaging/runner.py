"""Runs one service: ``python -m shared.messaging.runner <service>``.

nameko's own command line neither starts with a current setuptools (N25) nor leaves its remote
shell out (N24).
"""

import eventlet

eventlet.monkey_patch()  # psycopg2 too: a query must not stop the whole process (N13)

import importlib  # noqa: E402 - everything is imported after the patch
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Any  # noqa: E402

import amqp  # noqa: E402
import psycopg2.extensions  # noqa: E402
import structlog  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.messaging import topology  # noqa: E402
from shared.messaging.entrypoints import WORKERS  # noqa: E402
from shared.messaging.publisher import connect  # noqa: E402
from shared.observability import logs  # noqa: E402
from shared.settings import ServiceSettings  # noqa: E402

STOP_WITHIN_SECONDS = 25
CUT_SHORT = 75  # our exit status when something did not end in time

log = structlog.get_logger()


class TopologyDiffersError(Exception):
    """The broker lacks what the service needs; ``python -m shared.messaging.topology apply``."""


class BlockingDriverError(Exception):
    """The database driver would stop every worker of the process while one of them waits."""


def check_topology(service: str, *, broker_url: str) -> None:
    """Make sure that the service's queues and exchanges are there.

    Stock nameko would wait for a missing queue without end and without a word (N17).

    Raises:
        TopologyDiffersError: one of them is not.
    """
    connection = connect(broker_url, name=f"{service}-check")
    queues = (topology.inbox_queue(service), topology.rpc_queue(service))
    exchanges = (topology.events_exchange(service), topology.RPC_EXCHANGE)
    try:
        for name in queues:
            connection.channel().queue_declare(name, passive=True)
        for name in exchanges:
            connection.channel().exchange_declare(name, "topic", passive=True)
    except amqp.NotFound as error:
        raise TopologyDiffersError(str(error.reply_text)) from error
    finally:
        connection.close()


def check_driver() -> None:
    """Make sure that a worker which waits for the database lets the others go on (N13).

    Raises:
        BlockingDriverError: it would stop them all.
    """
    if psycopg2.extensions.get_wait_callback() is None:
        raise BlockingDriverError("Patch with eventlet before anything is imported.")


def service_class(service: str) -> Any:
    module = importlib.import_module(f"services.{service}.service")
    return getattr(module, f"{service.capitalize()}Service")


def serve(service: Any) -> None:
    """Run a service class until SIGTERM: then take no more work, finish what is begun, and end.

    Raises:
        TopologyDiffersError or BlockingDriverError: it could not have worked.
    """
    settings = ServiceSettings.from_environment()
    check_topology(service.name, broker_url=settings.broker_url)
    check_driver()
    container = ServiceContainer(
        service,
        {
            "AMQP_URI": settings.broker_url,
            "max_workers": WORKERS,
            "serializer": "json",
            "ACCEPT": ["json"],  # and never pickle (N23)
        },
    )

    def stop(*_signal: object) -> None:
        eventlet.spawn_after(STOP_WITHIN_SECONDS, os._exit, CUT_SHORT)
        eventlet.spawn(container.stop)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    container.start()
    log.info("service_started")
    container.wait()
    log.info("service_stopped")


def main(arguments: Sequence[str]) -> int:
    (service,) = arguments
    logs.configure(process=service)
    try:
        serve(service_class(service))
    except (OSError, amqp.AMQPError, TopologyDiffersError, BlockingDriverError):
        log.exception("service_not_started")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
