"""How a service speaks to its own PostgreSQL database."""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Engine, Enum, MetaData, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

NAMING_CONVENTION = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

# Connection lost, out of resources, the server is going or starting, or is a standby for now.
_AWAY = ("08", "53", "57P", "25006")
# Serialisation failure and deadlock; a lock, a statement or a transaction that took too long.
_BUSY = ("40001", "40P01", "55P03", "57014", "25P03")


def stored_values(members: type[enum.Enum]) -> Sequence[str]:
    """Store an enumeration's values, which are words, and not its names."""
    return [str(member.value) for member in members]


TYPES: Mapping[Any, Any] = {
    int: BigInteger,
    datetime: DateTime(timezone=True),
    enum.StrEnum: Enum(enum.StrEnum, native_enum=False, length=32, values_callable=stored_values),
}


def new_metadata() -> MetaData:
    """Return the catalogue of one service's tables; every constraint in it has a known name."""
    return MetaData(naming_convention=NAMING_CONVENTION)


def open_engine(
    database_url: str, *, pool_size: int, asks_first: bool = False, options: str = ""
) -> Engine:
    """Return an engine whose every wait has an end.

    Args:
        database_url: always ``postgresql+psycopg2://``; see docs/decisions/0002.
        pool_size: connections kept open, one for each worker of the process.
        asks_first: look before each use whether a connection is still there: for whoever cannot
            try again when it is not.
        options: more of PostgreSQL's own settings for these connections: ``-c name=value``.
    """
    return create_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=2,
        pool_use_lifo=True,  # the warmest connection first: its plans and catalogues are cached
        pool_timeout=10,
        pool_pre_ping=asks_first,
        hide_parameters=True,  # an error's text must not hold what was being written
        connect_args={
            # A server that falls silent is given up after twenty seconds, also while we only wait.
            "keepalives_idle": 5,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            # What is asked here is small: compiling it takes longer than doing it.
            "options": "-c jit=off -c statement_timeout=15000 -c lock_timeout=5000"
            f" -c idle_in_transaction_session_timeout=30000 -c timezone=UTC {options}",
        },
    )


def open_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return a maker of sessions; ``sessions.begin()`` commits, or rolls back on an error."""
    return sessionmaker(engine, expire_on_commit=False)


def sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's code for ``error``, if it gave one."""
    return getattr(getattr(error, "orig", None), "pgcode", None)


def is_away(error: BaseException) -> bool:
    """Tell whether ``error`` says that the database cannot be asked now."""
    if isinstance(error, InterfaceError | PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = sqlstate(error)
    if state is None:
        return error.connection_invalidated or type(error).__name__ == "OperationalError"
    return state.startswith(_AWAY)


def is_passing(error: BaseException | None) -> bool:
    """Tell whether the same request may come through in a moment: busy, or away for now."""
    return error is not None and (sqlstate(error) in _BUSY or is_away(error))
