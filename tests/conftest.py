"""What every test may use: private servers, a service's own database, a trace."""

import base64
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from deploy.local.stack import Stack
from shared.contracts import sealing
from shared.database import open_engine, open_sessions
from shared.messaging.holding import holding
from tests.factories import TUESDAY_AT_TEN

pytest_plugins = ["tests.probe.fixtures", "tests.sharing"]

# How long an example takes says nothing of us while others work on the same machine.
settings.register_profile(
    "shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared-machine")

# So that a test without servers can seal, too; with servers their key takes its place.
os.environ.setdefault(sealing.SETTING, f"tests:{base64.b64encode(bytes(32)).decode()}")

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
            opened[service] = open_engine(url, pool_size=10)
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


@pytest.fixture
def emptied(
    engines: Callable[[str], Engine], owners: Callable[[str], Engine]
) -> Callable[[str], Transaction]:
    """Empty a service's database and hand out transactions on it."""

    def empty(service: str) -> Transaction:
        # A late message of the test before may be at work in these tables: a deadlock then.
        holding(lambda: _empty(owners(service)), is_stopping=lambda: True)
        return open_sessions(engines(service)).begin

    return empty


def _empty(owner: Engine) -> None:
    with owner.begin() as connection:
        filled = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - our tables
            for table in _tables(connection)
        )
        tables = connection.scalars(text(filled)).all()
        if tables:
            _truncate(connection, tables)


def _tables(connection: Connection) -> Sequence[str]:
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [name for name in connection.scalars(text(names)) if name != "alembic_version"]


def _truncate(connection: Connection, tables: Sequence[str]) -> None:
    """Empty tables; the ledger's history refuses that, so its owner must ask for it twice."""
    final = connection.scalars(
        text("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    ).all()
    for table in final:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
    for table in final:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
