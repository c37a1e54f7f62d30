"""The recorded cases, line by line. ``record.py`` says how they were recorded."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from shared.trace import Trace

Line = Mapping[str, Any]

FILE = Path(__file__).parent / "two_cases.jsonl"

_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_OUTSIDE = UUID(int=0)


@cache
def lines() -> tuple[Line, ...]:
    """Return all that was said on that day, in order of time."""
    return tuple(map(json.loads, FILE.read_text("utf-8").splitlines()))


def of(what: str, **same: str) -> list[Line]:
    """Return the lines of one kind, in order of time, whose fields are the ``same``."""
    return [line for line in lines() if line["what"] == what and same.items() <= line.items()]


def told_by(service: str) -> dict[tuple[str, str], Line]:
    """Return the newest event that a service told that day, of each type about each subject."""
    return {
        (line["type"], line["subject"]): line["data"]
        for line in of("event")
        if line["type"].startswith(f"{service}.")
    }


def without_instants(newest: Mapping[tuple[str, str], Line]) -> dict[tuple[str, str], Line]:
    """Return events without the moments at which the service did its work: a play has its own."""
    return {
        about: {name: part for name, part in data.items() if not name.endswith("_at")}
        for about, data in newest.items()
    }


def trace_of(line: Line, *, causation_id: UUID | None = None) -> Trace:
    """Return the trace of the work that a line leads to, at the time at which it was said."""
    from_outside = uuid5(_OUTSIDE, line["at"])
    return Trace(
        correlation_id=UUID(line["correlationid"]) if "correlationid" in line else from_outside,
        causation_id=causation_id or from_outside,
        actor="tests/system",
        at=datetime.fromisoformat(line["at"]),
    )


def ids_in(document: Any) -> set[str]:
    """Return every UUID in a document, wherever it is."""
    return set(_ID.findall(json.dumps(document)))


def translated(document: Any, ids: Mapping[str, str]) -> Any:
    """Return a document with other UUIDs in the place of some."""
    text = json.dumps(document)
    return json.loads(_ID.sub(lambda found: ids.get(found[0], found[0]), text))
