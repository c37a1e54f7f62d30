"""What a printed page is made of, and which letters it can show."""

import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from shared.errors import Refusal

MOST_ROWS = 2_000  # some seconds; twice as many take four times as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells below a heading for each column."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    amounts: int = 0  # how many columns at the right are figures, set to the right


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what is below it, in this order: sentences, then a table."""

    heading: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document to be printed, on as many sheets as it needs."""

    title: str
    sentences: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str  # small, on every sheet
    known_at: datetime  # the date of the file
    is_wide: bool = False  # across the sheet
    letters_missing: str  # what is said when not every letter could be printed


class TooLongToPrintError(Refusal):
    """Nobody reads so many rows on paper, and laying them out would keep a process busy."""

    code = "too_long_to_print"
    next_step = "Ask for a shorter period, or for the statement as CSV."

    def __init__(self, *, rows: int) -> None:
        super().__init__("This statement is too long to print.", rows=rows, most=MOST_ROWS)


def require_printable_length(page: Page) -> None:
    """Make sure that a page is one that people read.

    Raises:
        TooLongToPrintError: all its tables together have more than ``MOST_ROWS`` rows.
    """
    rows = sum(len(one.table.rows) for one in page.sections if one.table)
    if rows > MOST_ROWS:
        raise TooLongToPrintError(rows=rows)


def section(
    heading: str,
    table: Table,
    *,
    when_empty: str,
    sentences: tuple[str, ...] = (),
) -> Section:
    """Return a section with this table, or with a sentence instead: nobody hears an empty table."""
    if not table.rows:
        return Section(heading=heading, sentences=(when_empty,))
    return Section(heading=heading, sentences=sentences, table=table)


def printable(text: str, *, drawn: Container[int]) -> str:
    """Return ``text`` with each letter that the font cannot draw told by its Unicode number.

    ``张`` becomes ``[U+5F20]``: nothing vanishes, and nothing that only steers how text runs is
    let through. A tab or a line break becomes a space.

    Args:
        text: in any script.
        drawn: the code points that the font has a shape for.
    """
    return "".join(
        letter if _is_drawn(letter, drawn) else f"[U+{ord(letter):04X}]"
        for letter in _composed(text)
    )


def is_printable(text: str, *, drawn: Container[int]) -> bool:
    """Tell whether every letter of ``text`` is shown as it is."""
    return all(_is_drawn(letter, drawn) for letter in _composed(text))


def _composed(text: str) -> str:
    """Return ``text`` with accents in their letters, and one kind of space."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if letter.isspace() else letter for letter in composed)


def _is_drawn(letter: str, drawn: Container[int]) -> bool:
    return ord(letter) in drawn and not unicodedata.category(letter).startswith("C")
