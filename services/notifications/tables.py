"""The base of every table of notifications."""

from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from shared.database import TYPES, new_metadata


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of notifications's own database."""

    metadata = new_metadata()
    type_annotation_map = TYPES
