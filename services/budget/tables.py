"""The base of every table of budget, and how a question sees them all at one moment."""

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session

from shared.database import TYPES, new_metadata


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of budget's own database."""

    metadata = new_metadata()
    type_annotation_map = TYPES


def at_one_moment(session: Session) -> None:
    """Let all that a transaction reads be of the moment of its first question, and nothing written.

    To be said before anything is read.
    """
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
