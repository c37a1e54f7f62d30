"""PDF: the same bytes everywhere, readable by screen readers, and nothing lost on the way."""

import io
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pypdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from services.budget.printing.press import UPRIGHT, printed
from services.budget.printing.rules import (
    MOST_ROWS,
    Page,
    Section,
    Table,
    TooLongToPrintError,
    is_printable,
    printable,
)
from services.budget.renderings import rendering
from tests.architecture.house import ROOT
from tests.unit.budget import papers
from tests.unit.budget.papers import (
    AUDITOR,
    FUNDER,
    PERSON,
    STATEMENTS,
    person_statements,
    unhurried,
)

PATIENCE_SECONDS = 120
ELSEWHERE = (
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {
        "TZ": "America/New_York",
        "PYTHONHASHSEED": "2",
        "COMMONPURSE_CLOCK_OFFSET_SECONDS": "9999999",
    },
)


def opened(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "\n".join(sheet.extract_text() for sheet in opened(pdf).pages)


def words_of(pdf):
    return " ".join(text_of(pdf).split())


def tags_of(pdf):
    """The tags of the document, in reading order."""
    found = []

    def walk(element):
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for one in element:
                walk(one)
        elif isinstance(element, dict):
            found.extend([element["/S"]] if "/S" in element else [])
            walk(element.get("/K"))

    walk(opened(pdf).trailer["/Root"]["/StructTreeRoot"])
    return found


def about(description):
    """The example with one item called like this."""
    return replace(PERSON, items=(replace(PERSON.items[0], description=description),))


def test_another_process_in_another_place_at_another_time_makes_the_same_bytes():
    here = papers.digests()
    said = [
        subprocess.run(
            [sys.executable, "-m", "tests.unit.budget.papers"],
            cwd=ROOT,
            env={"PATH": os.defpath, **elsewhere},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        ).stdout
        for elsewhere in ELSEWHERE
    ]

    assert len(here.splitlines()) == 11
    assert said == [here, here]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_dates_of_the_file_are_the_statements_and_its_id_is_made_from_its_content(statement):
    one, other = (
        opened(rendering.as_pdf(replace(statement, **changes)))
        for changes in ({}, {"as_of": statement.starts_on})
    )

    assert one.metadata["/CreationDate"] == one.metadata["/ModDate"] == "D:20261125164430Z"
    assert one.trailer["/ID"] != other.trailer["/ID"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_screen_reader_gets_language_title_headings_and_tables(statement):
    pdf = rendering.as_pdf(statement)
    root = opened(pdf).trailer["/Root"]
    tags = tags_of(pdf)

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert opened(pdf).metadata["/Title"] in text_of(pdf)
    assert {"/H1", "/P", "/Table", "/THead", "/TR", "/TH", "/TD"} <= set(tags)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_every_font_is_in_the_file():
    fonts = [
        descendant.get_object()["/FontDescriptor"]
        for sheet in opened(rendering.as_pdf(PERSON)).pages
        for font in sheet["/Resources"]["/Font"].values()
        for descendant in font["/DescendantFonts"]
    ]

    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_a_persons_statement_reads_like_this():
    words = words_of(rendering.as_pdf(PERSON))

    for expected in (
        "Your budget statement This is about the money for your care and support from",
        "from 1 November 2026 to 30 November 2026.",
        "In your budget at the start £100.00 Came in £1,230.00 Was spent £95.95 In your budget",
        "In your budget at the end £1,234.05 Set aside £34.05 To come from you £50.00",
        "To come from you £50.00 Left for you to spend £1,250.00",
        "The NHS: North ICB £1,000.00 The NHS: South ICB £200.00 You £30.00",
        "Swimming To feel stronger £95.95 £34.05",
        "3 December 2026 Money for December Comes in £400.00",
        "You still have £50.00 to pay.",
        "Your care goes on.",
        "Call your care coordinator if something looks wrong.",
    ):
        assert expected in words


def test_opening_and_what_came_and_went_is_closing_on_paper():
    funder, auditor = words_of(rendering.as_pdf(FUNDER)), words_of(rendering.as_pdf(AUDITOR))

    assert (
        "Opening balance, 1 November 2026 -£5.00 Paid in £100.00 Paid by the person £0.00 "
        "Spent, less refunds £20.10 "
        "Corrections, moves and repayments -£1.00 Closing balance, 30 November 2026 £73.90"
    ) in funder
    assert "NHS: North ICB paid in -£50.00 £100.00 £0.00 -£150.00" in auditor
    assert "ab" * 32 in auditor


def test_a_long_table_loses_no_row_and_repeats_its_heading_on_each_sheet():
    items = tuple(
        replace(PERSON.items[0], description=f"Thing {number:03}", spent_pence=0, set_aside_pence=0)
        for number in range(150)
    )
    pdf = rendering.as_pdf(
        replace(PERSON, items=(*PERSON.items, *items)),
    )
    sheets = [sheet.extract_text() for sheet in opened(pdf).pages]

    assert re.findall(r"Thing (\d\d\d)", text_of(pdf)) == [f"{number:03}" for number in range(150)]
    assert [
        sheet for sheet in sheets if "Thing" in sheet and "For what Your goal" not in sheet
    ] == []
    assert f"{len(sheets)} / {len(sheets)}" in sheets[-1]
    assert len(sheets) > 3


def test_welsh_and_polish_letters_are_printed():
    words = words_of(rendering.as_pdf(about("Llŷr, ŵyn a thŷ, Łódź, Đặng, Ολγα, Ольга")))

    assert "Llŷr, ŵyn a thŷ, Łódź, Đặng, Ολγα, Ольга" in words
    assert "could not print" not in words


def test_what_the_font_cannot_draw_is_told_by_its_number_and_the_reader_is_told():
    words = words_of(rendering.as_pdf(about("Tea with 张伟 🙂")))

    assert "Tea with [U+5F20][U+4F1F] [U+1F642]" in words
    assert "We could not print some letters." in words


def test_every_letter_that_the_font_has_is_printed_whatever_stands_beside_it():
    with TTFont(UPRIGHT) as font:
        letters = "".join(map(chr, sorted(font.getBestCmap())))

    assert len(letters) > 3_000
    for start in range(0, len(letters), 500):
        assert rendering.as_pdf(about(letters[start : start + 500])).startswith(b"%PDF")


@unhurried
@given(statement=person_statements())
def test_whatever_a_statement_says_it_can_be_printed(statement):
    assert rendering.as_pdf(statement).startswith(b"%PDF")


def test_a_letter_in_two_parts_is_printed_in_one():
    assert "Llŷr" in words_of(rendering.as_pdf(about("Lly\u0302r")))


def test_signs_that_turn_text_round_are_shown_and_not_obeyed():
    assert printable("a\u202eb", drawn=set(range(0x3000))) == "a[U+202E]b"
    assert printable("a\tb\nc\0", drawn=set(range(0x3000))) == "a b c[U+0000]"


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[")))
def test_no_letter_vanishes(text):
    drawn = set(range(0x20, 0x7F))
    shown = printable(text, drawn=drawn)
    told = re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda number: chr(int(number[1], 16)), shown)

    assert set(map(ord, shown)) <= drawn
    assert told == re.sub(r"\s", " ", unicodedata.normalize("NFC", text))
    assert is_printable(text, drawn=drawn) is (told == shown)


def test_text_is_text_whatever_signs_are_in_it():
    text = '#panic("x") $1+1$ *b* _i_ @ref <label> = head \\ // no /* comment */ `raw` ~ --'

    assert text in words_of(rendering.as_pdf(about(text)))


def test_a_word_that_is_longer_than_a_sheet_is_wide_stays_on_it():
    pdf = rendering.as_pdf(about("x" * 300))
    lines = "\n".join(sheet.extract_text(extraction_mode="layout") for sheet in opened(pdf).pages)

    assert sum(map(len, re.findall("x{2,}", lines))) == 300
    assert max(map(len, re.findall("x+", lines))) < 60


def test_what_nobody_would_read_on_paper_is_refused():
    def page_with(rows):
        table = Table(headings=("What",), rows=(("a",),) * rows)
        return Page(
            title="Long",
            sentences=(),
            sections=(Section(heading="One", table=table), Section(heading="Two")),
            foot="",
            known_at=PERSON.known_at,
            letters_missing="",
        )

    with pytest.raises(TooLongToPrintError) as refused:
        printed(page_with(MOST_ROWS + 1))

    assert refused.value.as_answer()["code"] == "too_long_to_print"
    assert refused.value.details == {"rows": MOST_ROWS + 1, "most": MOST_ROWS}
