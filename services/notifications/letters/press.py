"""Prints letters: tagged PDF for screen readers (PDF/UA-1) that lasts (PDF/A-2a).

Nothing is asked of the machine: neither its fonts, nor its clock, nor its network. The date of
the file is the letter's own. Statements are printed in the same way (docs/decisions/0009).
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst
from fontTools.ttLib import TTFont

from services.notifications.forms.rules import ENGLISH, fill
from services.notifications.letters.rules import (
    POINTS,
    Block,
    Letter,
    blocks_of,
    is_printable,
    printable,
)
from services.notifications.on_file.library import explanations, library, shipped
from services.notifications.phrases.rules import MONTHS
from services.notifications.pictures.drawings import DRAWN
from services.notifications.settings import around
from services.notifications.templates.wording import Wording

TEMPLATE = Path(__file__).parent / "letter.typ"
FONTS = (fontpkg_noto_sans.ROOT / "files", fontpkg_noto_sans_arabic.ROOT / "files")
UPRIGHT = (FONTS[0] / "NotoSans[wdth,wght].ttf", FONTS[1] / "NotoSansArabic[wdth,wght].ttf")

LATIN = frozenset({"cy", "en", "es", "fr", "it", "pl", "pt", "ro", "so", "tr"})
_NUMBER_GAP = re.compile(r"(?<=\d) (?=\d)")  # a telephone number stays in one line


def letter_of(wording: Wording, *, address: Sequence[str], dated_on: date) -> Letter:
    """Return a letter with the words of ``wording``.

    Args:
        wording: of the channel letter.
        address: as it stands in the window, at most seven lines.
        dated_on: the day that it bears.
    """
    blocks = blocks_of(
        wording.body,
        language=wording.language,
        pictures=wording.pictures,
        explained_in=wording.explained_in,
    )
    if wording.explained_in is not None and not _is_shown(blocks[0]):
        blocks = (_in_english(wording.explained_in, picture=blocks[0].picture), *blocks[1:])
    return Letter(
        address=tuple(address),
        heading=wording.subject or "",
        language=wording.language,
        direction=wording.direction,
        points=POINTS[wording.accessible_format],
        blocks=blocks,
        dated_on=dated_on,
    )


def is_set_by_us(wording: Wording) -> bool:
    """Tell whether a letter must be printed by us to look as it should."""
    languages = (wording.language, wording.explained_in or ENGLISH)
    is_in_latin = all(language in LATIN for language in languages)
    return wording.accessible_format is not None or not is_in_latin


def printed(letter: Letter) -> bytes:
    """Return ``letter`` as PDF.

    Raises:
        typst.TypstError: the template is broken, or the result would not be accessible.
    """
    return compiled(letter, format="pdf", pdf_standards=["ua-1", "a-2a"])


def compiled(letter: Letter, **how: Any) -> bytes:
    """Return ``letter`` as the printer makes it: a PDF, or a picture of its only sheet."""
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True)
    at = datetime(letter.dated_on.year, letter.dated_on.month, letter.dated_on.day, tzinfo=UTC)
    made = compiler.compile(
        timestamp=at, sys_inputs={"letter": json.dumps(_drawable(letter))}, **how
    )
    return cast("bytes", made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in FONTS],
    )


@cache
def _drawn() -> frozenset[int]:
    """Return every code point that one of the fonts has a shape for."""
    drawn: set[int] = set()
    for path in UPRIGHT:
        with TTFont(path, lazy=True) as font:
            drawn.update(font.getBestCmap())
    return frozenset(drawn)


def _is_shown(block: Block) -> bool:
    return all(is_printable(line, drawn=_drawn()) for line in block.lines)


def _in_english(language: str, *, picture: str | None) -> Block:
    """Return the line on how to have a letter explained in a script that we cannot print."""
    named = {"language": explanations()[language].name, **around()}
    line = fill(library().frame.unprintable, named)
    return Block(lines=(line,), is_list=False, language="en", direction="ltr", picture=picture)


def _drawable(letter: Letter) -> dict[str, Any]:
    return {
        "address": [_shown(line) for line in letter.address],
        "dated": _shown(_day(letter)),
        "heading": _shown(letter.heading),
        "language": letter.language,
        "direction": letter.direction,
        "points": letter.points,
        "blocks": [_drawable_block(block) for block in letter.blocks],
    }


def _drawable_block(block: Block) -> dict[str, Any]:
    drawing = None if block.picture is None else (DRAWN / f"{block.picture}.svg").read_text("utf-8")
    return {
        "lines": [_shown(_NUMBER_GAP.sub("\N{NO-BREAK SPACE}", line)) for line in block.lines],
        "is_list": block.is_list,
        "language": block.language,
        "direction": block.direction,
        "picture": drawing,
    }


def _day(letter: Letter) -> str:
    day = letter.dated_on
    phrases = shipped()[letter.language].phrases
    months = MONTHS if phrases is None else phrases.months
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _shown(text: str) -> str:
    return printable(text, drawn=_drawn())
