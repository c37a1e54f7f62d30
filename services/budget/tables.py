"""The base of every table of budget, how its rows are locked, and seen all at one moment."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session

from shared.database import TYPES, new_metadata

# Every lock of a row is FOR NO KEY UPDATE, in the database's own functions too: it keeps out who
# else writes, and not a row elsewhere that only names this one. FOR UPDATE would have such a row's
# foreign key wait until the transaction ends; it is for who changes a key or deletes, and nobody
# does either here.
LOCKED: dict[str, Any] = {"key_share": True}


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of budget's own database."""

    metadata = new_metadata()
    type_annotation_map = TYPES


def at_one_moment(session: Session) -> None:
    """Let all that a transaction reads be of the moment of its first question, and nothing written.

    To be said before anything is read.
    """
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
