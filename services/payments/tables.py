"""The base of every table of payments."""

from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from shared.database import TYPES, new_metadata


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of payments's own database."""

    metadata = new_metadata()
    type_annotation_map = TYPES
