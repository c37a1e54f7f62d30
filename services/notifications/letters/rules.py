"""What a letter on paper is made of."""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from services.notifications.forms.rules import direction_of

POINTS = {None: 12, "large_print": 18, "easy_read": 16}  # the size of the words
ISOLATES = frozenset("\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}")
_STAR = "* "


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or a list: one line or more."""

    lines: tuple[str, ...]
    is_list: bool
    language: str
    direction: str
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter, ready to be printed."""

    address: tuple[str, ...]  # as it stands in the window: the name first, the postcode last
    heading: str
    language: str
    direction: str
    points: int
    blocks: tuple[Block, ...]
    dated_on: date


def blocks_of(
    body: str, *, language: str, pictures: Sequence[str] = (), explained_in: str | None = None
) -> tuple[Block, ...]:
    """Return the paragraphs and lists of a body.

    Args:
        body: paragraphs with an empty line between them; lines of a list begin with a star.
        language: of the words.
        pictures: of Easy Read, one for each paragraph; or none.
        explained_in: the language of the first paragraph, if it has another.
    """
    paragraphs = [one for one in re.split(r"\n{2,}", body.strip()) if one.strip()]
    beside: Sequence[str | None] = pictures or [None] * len(paragraphs)
    languages = [explained_in or language, *[language] * (len(paragraphs) - 1)]
    return tuple(
        _block(paragraph, language=spoken, picture=picture)
        for paragraph, spoken, picture in zip(paragraphs, languages, beside, strict=True)
    )


def printable(text: str, *, drawn: Container[int]) -> str:
    """Return ``text`` with each letter that no font can draw told by its Unicode number.

    ``张`` becomes ``[U+5F20]``: nothing vanishes. Of the signs that only steer how text runs,
    those that our own words have are kept.
    """
    return "".join(
        letter if _is_drawn(letter, drawn) else f"[U+{ord(letter):04X}]"
        for letter in unicodedata.normalize("NFC", text)
    )


def is_printable(text: str, *, drawn: Container[int]) -> bool:
    """Tell whether every letter of ``text`` is shown as it is."""
    return all(_is_drawn(letter, drawn) for letter in unicodedata.normalize("NFC", text))


def _block(paragraph: str, *, language: str, picture: str | None) -> Block:
    lines = tuple(line.rstrip() for line in paragraph.split("\n") if line.strip())
    is_list = all(line.startswith(_STAR) for line in lines)
    return Block(
        lines=tuple(line.removeprefix(_STAR) for line in lines) if is_list else lines,
        is_list=is_list,
        language=language,
        direction=direction_of(language),
        picture=picture,
    )


def _is_drawn(letter: str, drawn: Container[int]) -> bool:
    if letter.isspace() or letter in ISOLATES:
        return True
    return ord(letter) in drawn and not unicodedata.category(letter).startswith("C")
