"""The base of every table of notifications, and the type of columns that are sealed at rest."""

import json
from typing import Any

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from sqlalchemy.types import TypeDecorator

from shared.contracts.sealing import open_bytes, seal_bytes
from shared.database import TYPES, new_metadata

KEYS_SETTING = "NOTIFICATIONS_CONTENT_KEYS"


class Sealed(TypeDecorator[Any]):
    """Whatever has a form in JSON, encrypted: nobody reads it in the database or a copy of it.

    Sealed with AES-256-GCM under ``NOTIFICATIONS_CONTENT_KEYS``, a list as
    ``COMMONPURSE_SEALING_KEYS`` is and rotated likewise, and bound to its column. It can be
    neither searched nor compared there; an empty column stays empty.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about  # table and column

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else sealed(value, about=self.about)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return opened(value, about=self.about)


def sealed(value: Any, *, about: str) -> bytes:
    """Return ``value`` as it stands in a sealed column.

    Raises:
        SettingMissingError or BadSealingKeysError: there are no keys to seal with.
    """
    return seal_bytes(json.dumps(value).encode(), about=about, setting=KEYS_SETTING)


def opened(value: bytes, *, about: str) -> Any:
    """Return what ``sealed`` sealed.

    Raises:
        BrokenSealError: it was not sealed so, or we have no such key.
    """
    return json.loads(open_bytes(bytes(value), about=about, setting=KEYS_SETTING))


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of notifications's own database."""

    metadata = new_metadata()
    type_annotation_map = TYPES
