"""What goes into a call, as Python has it and as it is sent."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, Generic, NotRequired, TypeAlias, TypedDict, TypeVar
from uuid import UUID

Id: TypeAlias = UUID | str
Day: TypeAlias = date | str
Instant: TypeAlias = datetime | str
Item = TypeVar("Item")


class Omitted(Enum):
    """Not said at all, which is something else than ``None``."""

    OMITTED = "omitted"


OMITTED: Final = Omitted.OMITTED


class Page(TypedDict, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None
    not_answered: NotRequired[list[str]]  # services that are away, where several fill the list


def said(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was said, as JSON has it.

    Raises:
        ValueError: an instant without a time zone, which may be any of several.
    """
    return {name: plain(value) for name, value in told.items() if value is not OMITTED}


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("An instant needs its time zone.")
    if isinstance(value, date):  # an instant is one of these as well
        return value.isoformat()
    if isinstance(value, Mapping):
        return said(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def in_query(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what was said, as an address has it."""
    spelled = {True: "true", False: "false"}
    return {
        name: spelled[value] if isinstance(value, bool) else str(value)
        for name, value in said(told).items()
        if value is not None
    }
