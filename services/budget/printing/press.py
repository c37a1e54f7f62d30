"""Prints pages: tagged PDF for screen readers (PDF/UA-1) that lasts (PDF/A-2a).

Nothing is asked of the machine: neither its fonts, nor its clock, nor its network. The date of
the file is the statement's own, and its id is made from its content, so the same page is the same
to the byte as long as the same release of the printer and of the font prints it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, cast

import fontpkg_noto_sans
import typst
from fontTools.ttLib import TTFont

from services.budget.printing.rules import Page, is_printable, printable, require_printable_length

TEMPLATE = Path(__file__).parent / "statement.typ"
FONTS = fontpkg_noto_sans.ROOT / "files"
UPRIGHT = FONTS / "NotoSans[wdth,wght].ttf"


def printed(page: Page) -> bytes:
    """Return ``page`` as PDF.

    Raises:
        TooLongToPrintError: it has too many rows.
        typst.TypstError: the template is broken, or the result would not be accessible.
    """
    require_printable_length(page)
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True)
    pdf = compiler.compile(
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],
        timestamp=page.known_at.replace(microsecond=0),
        sys_inputs={"page": json.dumps(_drawable(page))},
    )
    return cast("bytes", pdf)  # one file, since it is not saved and not a picture


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


@cache
def _drawn() -> frozenset[int]:
    """Return every code point that the font has a shape for."""
    with TTFont(UPRIGHT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _drawable(page: Page) -> dict[str, Any]:
    """Return the page as plain data that the font can draw, with a word about what it cannot."""
    plain = asdict(page)
    del plain["known_at"], plain["letters_missing"]
    if not all(is_printable(text, drawn=_drawn()) for text in _texts(plain)):
        plain["sentences"] = (*plain["sentences"], page.letters_missing)
    shown: dict[str, Any] = _shown(plain)
    return shown


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value, drawn=_drawn())
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return tuple(map(_shown, value)) if isinstance(value, tuple) else value
