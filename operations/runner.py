"""Runs one service: ``python -m operations.runner <service>``.

nameko's own command line neither starts with a current setuptools (N25) nor leaves its remote
shell out (N24). What these numbers mean is in docs/architecture/nameko.md.
"""

import eventlet

eventlet.monkey_patch()  # psycopg2 too: a query must not stop the whole process (N13)

import importlib  # noqa: E402 - everything is imported after the patch
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

import amqp  # noqa: E402
import psycopg2.extensions  # noqa: E402
import structlog  # noqa: E402
from eventlet.support.psycopg2_patcher import eventlet_wait_callback  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402
from prometheus_client import REGISTRY  # noqa: E402

from shared.contracts import manifest  # noqa: E402
from shared.database import open_engine  # noqa: E402
from shared.messaging.consumer import DrainingQueueConsumer  # noqa: E402
from shared.messaging.entrypoints import WORKERS  # noqa: E402
from shared.messaging.health import MessageCollector  # noqa: E402
from shared.messaging.publisher import HEARTBEAT_SECONDS, connect  # noqa: E402
from shared.messaging.stopping import stop_on_signal  # noqa: E402
from shared.observability import logs, probes, spans  # noqa: E402
from shared.settings import ServiceSettings  # noqa: E402

CONNECT_WITHIN_SECONDS = 3
LET_IN = {psycopg2.extensions.STATUS_READY, psycopg2.extensions.STATUS_BEGIN}

log = structlog.get_logger()


class TopologyDiffersError(Exception):
    """The broker lacks what the service needs; ``python -m shared.messaging.topology apply``."""


class BlockingDriverError(Exception):
    """The database driver would stop every worker of the process while one of them waits."""


def check_topology(service: str, *, broker_url: str) -> None:
    """Make sure that the service's queues and exchanges are there, and the manifest's stamp.

    Stock nameko would wait for a missing queue without end and without a word (N17). The stamp
    stands for the bindings, which nobody may look at.

    Raises:
        TopologyDiffersError: one of them is not.
    """
    connection = connect(broker_url, name=f"{service}-check")
    queues = (
        manifest.inbox_queue(service),
        manifest.rpc_queue(service),
        manifest.dead_letter_queue(service),
    )
    exchanges = (
        manifest.events_exchange(service),
        manifest.RPC_EXCHANGE,
        manifest.stamp(service),
    )
    try:
        for name in queues:
            connection.channel().queue_declare(name, passive=True)
        for name in exchanges:
            connection.channel().exchange_declare(name, "topic", passive=True)
    except amqp.NotFound as error:
        raise TopologyDiffersError(
            f"{error.reply_text}; do this first: python -m shared.messaging.topology apply"
        ) from error
    finally:
        connection.close()


def check_driver() -> None:
    """Make sure that a worker which waits for the database lets the others go on (N13).

    Raises:
        BlockingDriverError: it would stop them all.
    """
    if psycopg2.extensions.get_wait_callback() is None:
        raise BlockingDriverError("Patch with eventlet before anything is imported.")


def wait_for_database(connection: psycopg2.extensions.connection) -> None:
    """Let the others work while one waits for the database; to be let in, it waits so long.

    Under eventlet psycopg2 forgets its own ``connect_timeout``.

    Raises:
        psycopg2.OperationalError: nobody answered.
    """
    is_let_in = connection.status in LET_IN
    with eventlet.Timeout(None if is_let_in else CONNECT_WITHIN_SECONDS, psycopg2.OperationalError):
        eventlet_wait_callback(connection)


def service_class(service: str) -> Any:
    module = importlib.import_module(f"services.{service}.service")
    return getattr(module, f"{service.capitalize()}Service")


def serve(service: Any) -> None:
    """Run a service class until SIGTERM: then take no more work, finish what is begun, and end.

    A service that has settings of its own to look at does so first, as ``check_settings``.

    Raises:
        SystemExit: one of those cannot be used; the line that is printed names it.
        TopologyDiffersError or BlockingDriverError: it could not have worked.
    """
    getattr(service, "check_settings", lambda: None)()
    settings = ServiceSettings.from_environment()
    check_topology(service.name, broker_url=settings.broker_url)
    check_driver()
    psycopg2.extensions.set_wait_callback(wait_for_database)
    container = ServiceContainer(
        service,
        {
            "AMQP_URI": settings.broker_url,
            # kombu then compares the broker's name with its certificate's (N21).
            "AMQP_SSL": settings.broker_url.startswith("amqps:") and {"server_hostname": None},
            # More than work at once: what is held while the database is away may come again, and
            # a reader that had to wait for a worker would answer no heartbeat. The pool of
            # database connections bounds the work.
            "max_workers": 10 * WORKERS,
            "HEARTBEAT": HEARTBEAT_SECONDS,
            "serializer": "json",
            "ACCEPT": ["json"],  # and never pickle (N23)
        },
    )

    engine = open_engine(settings.database_url, pool_size=1)
    REGISTRY.register(MessageCollector(engine))
    consumer = container.shared_extensions[DrainingQueueConsumer]
    database = partial(probes.database_answers, engine.begin)
    probes.serve({"database": database, "broker": lambda: consumer.is_connected})
    spans.configure(process=service.name)
    stop_on_signal(lambda: eventlet.spawn(container.stop))
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
    except Exception:  # without its text, which the interpreter would print
        log.exception("service_ended")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
