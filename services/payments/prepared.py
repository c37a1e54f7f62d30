"""Questions that are asked at every till, planned once for each connection.

psycopg2 sends a statement as text, and PostgreSQL parses and plans it anew each time: for a join
of six tables by their keys that takes three times as long as to answer it. A statement that says
``PREPARED`` is sent as ``PREPARE`` once on a connection, and as ``EXECUTE`` from then on. The type
of each of its values must follow from where it stands.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event

PREPARED: Mapping[str, bool] = {"is_prepared": True}  # execution options of a statement
_PARAMETER = re.compile(r"%\((\w+)\)s")


def prepare_on(engine: Engine) -> None:
    """Let an engine's connections prepare the statements that say so; elsewhere they are text."""
    event.listen(engine, "before_cursor_execute", _prepared, retval=True)


def _prepared(
    connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    _is_many: bool,
) -> tuple[str, Any]:
    if context is None or not context.execution_options.get("is_prepared"):
        return statement, parameters
    known: dict[str, str] = connection.info.setdefault("prepared", {})  # ends with the connection
    if statement not in known:
        known[statement] = _prepare(cursor, statement, name=f"prepared_{len(known)}")
    return known[statement], parameters


def _prepare(cursor: Any, statement: str, *, name: str) -> str:
    """Have a statement planned, and return how it is asked by name.

    Each place has a parameter of its own: the same value may be of two types.
    """
    places: list[str] = _PARAMETER.findall(statement)
    numbers = iter(range(1, len(places) + 1))
    planned = _PARAMETER.sub(lambda _: f"${next(numbers)}", statement)
    cursor.execute(f"PREPARE {name} AS {planned}")
    return f"EXECUTE {name}({', '.join(f'%({place})s' for place in places)})"
