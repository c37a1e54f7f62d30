"""Ids that exist: without them every question would end at "not there"."""

import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, text

from shared import clock

MOST_OF_A_TABLE = 150  # rows
ENOUGH_ROWS = 40  # with one of the names looked for: among these the best is taken
# Of messages and of who may see what; their ids name nothing that can be asked for.
WITHOUT = (
    "answered_commands",
    "audit_entries",
    "inbox",
    "outbox",
    "relations",
    "relation_versions",
)
COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY column_name) AS names
FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'uuid' AND column_name LIKE '%\\_id'
GROUP BY table_name ORDER BY table_name
"""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt].*")
DAYS_AGO, DAYS_AHEAD = 60, 400

Row = Mapping[str, str]


class Known:
    """The ids of all services' rows, and those that answers have told since."""

    def __init__(self, databases: Mapping[str, str]) -> None:
        """Read them from the databases at these addresses."""
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for address in databases.values():
            for row in _rows(address):
                self._learn(row)

    def learn_from(self, answer: Any) -> None:
        """Take in the ids that stand together in an answer, on every level of it."""
        if isinstance(answer, list):
            for one in islice(answer, 5):
                self.learn_from(one)
        elif isinstance(answer, Mapping):
            row = {name: said for name, said in answer.items() if _is_id(name, said)}
            if row:
                self._learn(row)
            for part in answer.values():
                self.learn_from(part)

    def together(self, names: Collection[str], dice: random.Random) -> dict[str, str]:
        """Return ids for as many of these names as possible, of one story where there is one."""
        found: dict[str, str] = {}
        wanted = sorted(set(names) & set(self._rows))
        while wanted:
            rows = self._rows[dice.choice(wanted)]
            some = dice.sample(rows, min(len(rows), ENOUGH_ROWS))
            row = max(some, key=lambda one: (_fits(one, found), len(set(wanted) & set(one))))
            found |= {name: row[name] for name in wanted if name in row}
            wanted = [name for name in wanted if name not in found]
        return found

    def _learn(self, row: Row) -> None:
        for name in row:
            self._rows[name].append(row)


def near_today(said: Any, dice: random.Random) -> Any:
    """Return another day, or another instant, about the time in which the cases are played."""
    if not isinstance(said, str):
        return said
    day = clock.next_tuesday_at_ten() + timedelta(days=dice.randint(-DAYS_AGO, DAYS_AHEAD))
    if _DAY.fullmatch(said):
        return day.date().isoformat()
    return day.isoformat() if _INSTANT.fullmatch(said) else said


def _fits(row: Row, found: Mapping[str, str]) -> int:
    """Count how many ids that were found before a row has; another one in their place is worse."""
    return sum(1 if row[name] == said else -1 for name, said in found.items() if name in row)


def _rows(address: str) -> Iterator[Row]:
    engine = create_engine(address)
    with engine.connect() as connection:
        for table, names in connection.execute(text(COLUMNS)).all():
            if table in WITHOUT:
                continue
            asked = f"SELECT {', '.join(names)} FROM {table} LIMIT {MOST_OF_A_TABLE}"  # noqa: S608
            for row in connection.execute(text(asked)).mappings():
                yield {name: str(said) for name, said in row.items() if said is not None}
    engine.dispose()


def _is_id(name: str, said: Any) -> bool:
    if not name.endswith("_id") or not isinstance(said, str):
        return False
    try:
        UUID(said)
    except ValueError:
        return False
    return True
