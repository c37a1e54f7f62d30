"""How one value is written, and read back from JSON.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and some
take one that begins with a tab or a line break, or with the wide forms of these letters. Such a
text gets an apostrophe before it, which shows that it is text; so does a text that begins with
an apostrophe of its own, so that whoever reads can take exactly one away. Numbers, dates and ids
are written by us in a form that is none, and stay what they are: ``-12.50`` is a number.
"""

from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, get_args, get_origin

TAKEN_FOR_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide forms
TEXT_FOLLOWS = "'"


def neutral(text: str) -> str:
    """Return ``text`` in a form that no spreadsheet takes for a formula."""
    return f"{TEXT_FOLLOWS}{text}" if text.startswith((*TAKEN_FOR_A_FORMULA, "'")) else text


def pounds_cell(amount_pence: int) -> str:
    """Return pounds with two decimals and nothing else: ``-1234.05``."""
    sign = "-" if amount_pence < 0 else ""
    whole, odd = divmod(abs(amount_pence), 100)
    return f"{sign}{whole}.{odd:02}"


def written(value: Any) -> str:
    """Return an id, a day, an instant, a number, a word or a yes or no as text; nothing for none.

    Instants are UTC with microseconds and end in ``Z``.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return str(value)


def member(value: Any) -> int | str | None:
    """Return a value as a member of a JSON document: a number, a yes or no, none, or text."""
    return value if value is None or isinstance(value, int) else written(value)


def read(value: int | str | None, declared: Any) -> Any:
    """Return what ``member`` was given; ``declared`` is the type of the field.

    Raises:
        ValueError: there is no such value.
    """
    if value is None or isinstance(value, int):
        return value
    kind = _kind(declared)
    return kind.fromisoformat(value) if kind in (date, datetime) else kind(value)


def row_of(declared: Any) -> type | None:
    """Return what a list holds a row of, or none for a plain field."""
    return get_args(declared)[0] if get_origin(declared) is tuple else None


def _kind(declared: Any) -> Any:
    """Return the type of a field that may be none as well."""
    return get_args(declared)[0] if isinstance(declared, UnionType) else declared
