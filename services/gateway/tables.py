"""The base of every table of the gateway."""

from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from shared.database import TYPES, new_metadata


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of the gateway's own database: who is signed in, and what was used up."""

    metadata = new_metadata()
    type_annotation_map = TYPES
