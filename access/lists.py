"""Whose records a list showed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import union_all
from sqlalchemy.orm import Session

from access.ways import Way, as_id

PERSON = "person_id"


def shown(answer: object, ways: Mapping[str, Way], *, session: Session) -> list[UUID]:
    """Return everybody to whom an id in an answer leads, in order.

    Args:
        answer: what is told, before it becomes JSON; a document of many books names nobody here.
        ways: by the name of a field with an id, the statement for the person to whom it leads.
        session: works as the service itself.
    """
    led = set(_led(answer, ways))
    people = {person_id for name, person_id in led if name == PERSON}
    others = sorted((name, str(id_)) for name, id_ in led if name != PERSON)
    asked = [ways[name](as_id(id_)) for name, id_ in others]
    found = set(session.scalars(union_all(*asked))) if asked else set()
    return sorted({UUID(str(one)) for one in people | found if one is not None})


def _led(part: object, ways: Mapping[str, Way]) -> Iterator[tuple[str, Any]]:
    """Yield of each row that names its person that id, and of others one that leads to them."""
    if isinstance(part, Mapping):
        row = {**_about(part.get("about")), **part}
        names = [name for name in (PERSON, *ways) if name in ways and row.get(name) is not None]
        if names:
            yield names[0], row[names[0]]
        for inner in part.values():
            yield from _led(inner, ways)
    elif isinstance(part, Sequence) and not isinstance(part, str | bytes):
        for inner in part:
            yield from _led(inner, ways)


def _about(said: object) -> dict[str, UUID]:
    """Return the id of what a task is about: ``exception/<id>``."""
    noun, _, told = said.partition("/") if isinstance(said, str) else ("", "", "")
    id_ = as_id(told)
    return {f"{noun}_id": id_} if isinstance(id_, UUID) else {}
