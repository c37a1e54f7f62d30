"""The base of every table of the gateway."""

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session

from shared.database import TYPES, new_metadata

MOST_FORGOTTEN = 1_000  # rows at a time


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of the gateway's own database: who is signed in, and what was used up."""

    metadata = new_metadata()
    type_annotation_map = TYPES


def forget(table: type[Table], is_over: ColumnElement[bool], *, session: Session) -> None:
    """Delete what is over, but for what somebody else deletes at this moment."""
    key = inspect(table).primary_key
    over = select(*key).where(is_over).limit(MOST_FORGOTTEN).with_for_update(skip_locked=True)
    session.execute(delete(table).where(tuple_(*key).in_(over)))
