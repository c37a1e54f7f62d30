"""How the ids in a request lead to whose they are."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, literal, select
from sqlalchemy.orm import InstrumentedAttribute

Way = Callable[[Any], Select[Any] | CompoundSelect[Any]]


def itself(person_id: UUID) -> Select[Any]:
    """Lead from a person's id to the person."""
    return select(literal(person_id))


def by(
    key: ColumnElement[UUID] | InstrumentedAttribute[Any],
    person_id: ColumnElement[UUID] | InstrumentedAttribute[Any],
) -> Way:
    """Lead from an id in a column to the person in another column of its row."""
    return lambda id_: select(person_id).where(key == id_)


def through(
    key: ColumnElement[Any] | InstrumentedAttribute[Any],
    parent_id: ColumnElement[Any] | InstrumentedAttribute[Any],
    parent: Way,
) -> Way:
    """Lead from an id in a column to whom the id of its row's parent leads."""
    return lambda id_: parent(select(parent_id).where(key == id_).scalar_subquery())


def as_id(value: object) -> UUID | str:
    """Return an id as it is kept: ours are UUIDs, others' are words."""
    try:
        return UUID(str(value))
    except ValueError:
        return str(value)
