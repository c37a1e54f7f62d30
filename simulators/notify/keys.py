"""API keys: ``<name>-<service uuid>-<secret uuid>``."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

UUID_LENGTH = 36
SHORTEST_KEY = 2 * UUID_LENGTH + 1


class KeyType(StrEnum):
    """What a key may do: reach anyone, only the team, or nobody at all."""

    LIVE = "live"
    TEAM = "team"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key of the service. Its name decides its type; in Notify that is a setting."""

    key_type: KeyType
    service_id: UUID
    secret: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a key apart as the official client does, from its end.

        Raises:
            ValueError: the text does not end in two UUIDs.
        """
        if len(text) < SHORTEST_KEY:
            raise ValueError("An API key is <name>-<service uuid>-<secret uuid>.")
        name = text[:-SHORTEST_KEY]
        secret = str(UUID(text[-UUID_LENGTH:]))
        service_id = UUID(text[-SHORTEST_KEY : -UUID_LENGTH - 1])
        return cls(key_type=type_of(name), service_id=service_id, secret=secret)


def type_of(name: str) -> KeyType:
    """Tell a key's type from the first letters of its name: ``test…``, ``team…``, else live."""
    for key_type in (KeyType.TEST, KeyType.TEAM):
        if name.startswith(key_type.value):
            return key_type
    return KeyType.LIVE
