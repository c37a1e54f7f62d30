"""The base of every table of partners, and the type of columns that are sealed at rest."""

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from sqlalchemy.types import TypeDecorator

from shared.contracts.sealing import open_bytes, seal_bytes
from shared.database import TYPES, new_metadata

KEYS_SETTING = "PARTNERS_CONTENT_KEYS"


class Sealed(TypeDecorator[bytes]):
    """A message as it travels, encrypted: nobody reads it in the database or a copy of it."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about  # table and column

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return seal_bytes(value, about=self.about, setting=KEYS_SETTING)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return open_bytes(bytes(value), about=self.about, setting=KEYS_SETTING)


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of partners' own database."""

    metadata = new_metadata()
    type_annotation_map = TYPES
