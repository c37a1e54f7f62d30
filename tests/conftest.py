"""What every test may use: private servers, a service's own database, a trace."""

import base64
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.orm import Session

from deploy.local.environments import PARTNERS_FILES
from deploy.local.stack import Stack
from shared.contracts import organisations, sealing
from shared.database import open_engine, open_sessions
from shared.messaging.holding import holding
from tests.factories import TUESDAY_AT_TEN
from tests.integration.racing import AT_ONCE

pytest_plugins = ["tests.probe.fixtures", "tests.sharing"]

# How long an example takes says nothing of us while others work on the same machine.
settings.register_profile(
    "shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared-machine")

# So that a test without servers can seal, too; with servers their key takes its place.
os.environ.setdefault(sealing.SETTING, f"tests:{base64.b64encode(bytes(32)).decode()}")

os.environ.setdefault("COMMONPURSE_IDENTIFIER_KEYS", os.environ[sealing.SETTING])
os.environ.setdefault("PAYMENTS_RECEIPTS_KEYS", os.environ[sealing.SETTING])
os.environ.setdefault("PAYMENTS_RECEIPTS_ADDRESS_KEY", "the key of the tests")
os.environ.setdefault("NOTIFICATIONS_CONTENT_KEYS", os.environ[sealing.SETTING])
os.environ.setdefault("NOTIFICATIONS_ADDRESS_KEY", "the key of the tests")
os.environ.setdefault("PARTNERS_CONTENT_KEYS", os.environ[sealing.SETTING])
os.environ.setdefault("PAYMENTS_PAYEE_KEYS", os.environ[sealing.SETTING])
os.environ.setdefault("COMMONPURSE_IDENTIFIER_INDEX_KEY", base64.b64encode(bytes(32)).decode())

# Which organisations take part, for tests that start no process.
os.environ.setdefault(organisations.SETTING, str(PARTNERS_FILES))

Transaction = Callable[[], AbstractContextManager[Session]]


def _own_stack() -> str:
    """Name a stack that no other worker has: they all run in one checkout."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    name = os.environ.get("COMMONPURSE_TEST_STACK", "test")
    return f"{name}-{worker}" if worker else name


@pytest.fixture(scope="session")
def servers() -> Iterator[Stack]:
    """A private PostgreSQL and RabbitMQ with every table and queue, and no process of ours."""
    stack = Stack.named(_own_stack())
    stack.start(fresh=True, processes=False, clock_starts_at=TUESDAY_AT_TEN)
    os.environ[sealing.SETTING] = stack.process_environment("budget")[sealing.SETTING]
    yield stack
    stack.stop(politely=False)


@pytest.fixture(scope="session")
def engines(servers: Stack) -> Iterator[Callable[[str], Engine]]:
    """Engines of the services' databases, each as the service's own role."""
    opened: dict[str, Engine] = {}

    def engine_of(service: str) -> Engine:
        if service not in opened:
            url = servers.process_environment(service)["COMMONPURSE_DATABASE_URL"]
            opened[service] = open_engine(url, pool_size=AT_ONCE)
        return opened[service]

    yield engine_of
    for engine in opened.values():
        engine.dispose()


@pytest.fixture
def transaction(request: pytest.FixtureRequest) -> Transaction:
    """Transactions on the database of the service whose folder the test lies in, emptied first."""
    service = request.path.parent.name
    emptied: Callable[[str], Transaction] = request.getfixturevalue("emptied")
    return emptied(service)


@pytest.fixture(scope="session")
def owners(servers: Stack) -> Iterator[Callable[[str], Engine]]:
    """Engines of the services' databases, each as the owner of its tables."""
    opened: dict[str, Engine] = {}

    def owner_of(service: str) -> Engine:
        if service not in opened:
            url = servers.migration_environment(service)["COMMONPURSE_DATABASE_URL"]
            opened[service] = open_engine(url, pool_size=1)
        return opened[service]

    yield owner_of
    for engine in opened.values():
        engine.dispose()


@pytest.fixture(scope="session")
def administrators(servers: Stack) -> Iterator[Callable[[str], Engine]]:
    """Engines of the services' databases, each as the cluster's superuser."""
    opened: dict[str, Engine] = {}

    def administrator_of(service: str) -> Engine:
        if service not in opened:
            url = make_url(servers.administrator_environment()["COMMONPURSE_DATABASE_URL"])
            own = url.set(database=service).render_as_string(hide_password=False)
            opened[service] = open_engine(own, pool_size=1)
        return opened[service]

    yield administrator_of
    for engine in opened.values():
        engine.dispose()


@pytest.fixture(scope="session")
def emptied(
    engines: Callable[[str], Engine], administrators: Callable[[str], Engine]
) -> Callable[[str], Transaction]:
    """Empty a service's database and hand out transactions on it."""

    def empty(service: str) -> Transaction:
        # A late message of the test before may be at work in these tables: a deadlock then.
        holding(lambda: _empty(administrators(service)), is_stopping=lambda: True)
        return open_sessions(engines(service)).begin

    return empty


def _empty(administrator: Engine) -> None:
    """Delete every row, when nobody is writing any more.

    As a replica deletes them, so that neither the history's triggers nor foreign keys are asked.
    To truncate the tables would make each of them anew, on disk, for every test.
    """
    with administrator.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        tables = _tables(connection)
        connection.execute(text(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE"))
        filled = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - our tables
            for table in tables
        )
        for table in connection.scalars(text(filled)).all():
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - likewise


def _tables(connection: Connection) -> Sequence[str]:
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [name for name in connection.scalars(text(names)) if name != "alembic_version"]
