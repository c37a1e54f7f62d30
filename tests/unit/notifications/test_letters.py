"""Letters on paper: for screen readers, in large print, with pictures, from right to left."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from services.notifications.letters.press import compiled, is_set_by_us, letter_of, printed
from services.notifications.letters.rules import blocks_of, is_printable, printable
from services.notifications.on_file.library import library, shipped
from services.notifications.people.rules import Channel
from services.notifications.pictures.drawings import DRAWN, PICTURES
from services.notifications.settings import around
from services.notifications.templates.wording import wording_for

ADDRESS = (
    "Alex Sample",
    "Flat 3",
    "Long House",
    "1 Example Street",
    "Exampleton",
    "Greater Example",
    "ZZ99 3WZ",
)
FACTS = {
    "total": "£240.00",
    "decider": "team manager",
    "lines": ["Drum lessons: 10 times £20.00, together £200.00", "A pad: £40.00"],
}
POINTS_PER_MM = 72 / 25.4
A4_HEIGHT_MM = 297


def a_wording(topic="plan_approved", language="en", accessible_format=None, **changed):
    given = {
        "name": "Alex Sample",
        "facts": FACTS,
        "contact": ("Jo Abu", "care coordinator"),
        "around": around(),
        "are_drafts_allowed": True,
        **changed,
    }
    return wording_for(
        Channel.LETTER,
        topic=topic,
        language=language,
        accessible_format=accessible_format,
        **given,
    )


def a_letter(*asked, address=ADDRESS, **changed):
    wording = a_wording(*asked, **changed)
    return letter_of(wording, address=address, dated_on=date(2026, 11, 24))


def read(letter):
    return PdfReader(io.BytesIO(printed(letter)))


def text_of(letter):
    pages = "\n".join(page.extract_text() for page in read(letter).pages)
    return " ".join(pages.replace("\N{NO-BREAK SPACE}", " ").split())


def roles_of(pdf):
    """Return the kinds of all parts that a screen reader is told of."""
    found, left = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        part = left.pop()
        if isinstance(part, int):
            continue
        part = part.get_object()
        if "/S" in part:
            found.append(part["/S"])
        inside = part.get("/K", [])
        left += list(inside) if isinstance(inside, list) else [inside]
    return found


@pytest.mark.parametrize("language", ["en", "cy", "pl", "ur"])
def test_a_letter_is_tagged_and_says_its_language_and_title(language):
    pdf = read(a_letter("plan_approved", language))
    root = pdf.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert pdf.metadata.title == shipped()[language].templates["plan_approved"].heading
    assert {"/P", "/L", "/LI"} <= set(roles_of(pdf))


def test_all_words_are_on_the_paper():
    text = text_of(a_letter())

    assert "24 November 2026 Your plan is approved Dear Alex Sample," in text
    assert "Drum lessons: 10 times £20.00, together £200.00" in text
    assert "Ask Jo Abu, your care coordinator. Or call us on 01632 960123." in text


def test_a_letter_is_a4_with_the_whole_address_in_the_window():
    pdf = read(a_letter())
    sheet = pdf.pages[0]
    seen = []

    def visit(text, matrix, _position, _font, _size):
        if text.strip() in ADDRESS:
            seen.append((matrix[4] / POINTS_PER_MM, matrix[5] / POINTS_PER_MM))

    sheet.extract_text(visitor_text=visit)

    assert round(float(sheet.mediabox.height) / POINTS_PER_MM) == A4_HEIGHT_MM
    assert len(seen) == len(ADDRESS)
    assert all(24.9 <= across < 120 for across, _ in seen), seen
    assert all(40 < A4_HEIGHT_MM - up <= 67 for _, up in seen)


@pytest.mark.parametrize(
    ("accessible_format", "points"), [(None, 12), ("large_print", 18), ("easy_read", 16)]
)
def test_large_print_has_eighteen_points(accessible_format, points):
    letter = a_letter("plan_approved", "en", accessible_format)
    sizes = set()

    def visit(text, _matrix, _position, _font, size):
        if "plan" in text:
            sizes.add(round(size))

    for sheet in read(letter).pages:
        sheet.extract_text(visitor_text=visit)

    assert letter.points == points
    assert min(sizes) == points


def test_easy_read_has_a_picture_beside_each_line_that_a_screen_reader_leaves_out():
    letter = a_letter("plan_approved", "en", "easy_read")

    assert all(block.picture in PICTURES and len(block.lines) == 1 for block in letter.blocks)
    assert "/Figure" not in roles_of(read(letter))
    assert "We said yes to your plan. The team manager decided it." in text_of(letter)


@pytest.mark.parametrize("picture", sorted(PICTURES))
def test_every_picture_stands_beside_something(picture):
    frame = library().frame
    lines = [line for words in library().templates.values() for line in words.easy]
    around_them = (*frame.easy_before, *frame.easy_somebody, *frame.easy_anybody, *frame.easy_after)

    assert (DRAWN / f"{picture}.svg").read_text("utf-8").startswith("<svg ")
    assert picture in {line.picture for line in (*lines, *around_them)}


@pytest.mark.parametrize("topic", library().templates)
@pytest.mark.parametrize("accessible_format", [None, "easy_read"])
def test_every_topic_can_be_printed(topic, accessible_format):
    facts = dict.fromkeys(library().templates[topic].facts, "3 March 2026")

    assert printed(a_letter(topic, "en", accessible_format, facts=facts)).startswith(b"%PDF")


def test_urdu_is_set_from_the_right():
    letter = a_letter("plan_approved", "ur")

    assert letter.direction == "rtl"
    assert {block.direction for block in letter.blocks} == {"rtl"}
    assert compiled(letter, format="png", ppi=20) != compiled(a_letter(), format="png", ppi=20)


def test_a_line_in_a_script_of_ours_is_printed_and_in_another_is_said_in_english():
    arabic = a_letter("plan_approved", "ar").blocks[0]
    chinese = a_letter("plan_approved", "zh").blocks[0]

    assert (arabic.language, arabic.direction) == ("ar", "rtl")
    assert (chinese.language, chinese.direction) == ("en", "ltr")
    assert chinese.lines[0].startswith("Do you want this in Chinese? Call us on 01632 960123.")
    assert "Do you want this in Chinese?" in text_of(a_letter("plan_approved", "zh"))


def test_the_same_letter_is_the_same_to_the_byte():
    assert printed(a_letter()) == printed(a_letter())


@pytest.mark.parametrize(
    "nasty",
    ["#panic()", "*O'Brien* _x_ $y$", "<b>&amp;", '"; DROP TABLE', "((phone))", "\\u{41} @ref"],
)
def test_names_and_facts_are_never_taken_for_markup(nasty):
    facts = {**FACTS, "lines": [nasty]}

    letter = a_letter(facts=facts, name=nasty, address=(nasty, "1 Example Street", "ZZ99 3WZ"))

    assert text_of(letter).count(" ".join(nasty.split())) == 3


def test_a_letter_of_many_lines_takes_the_sheets_that_it_needs():
    many = [f"Thing {number}: £1.00" for number in range(200)]

    pdf = read(a_letter(facts={**FACTS, "lines": many}))

    assert len(pdf.pages) > 3
    assert "Thing 199" in "".join(page.extract_text() for page in pdf.pages)


def test_what_no_font_can_draw_is_told_by_its_number():
    drawn = frozenset(map(ord, "Wag "))

    assert printable("Wag 王", drawn=drawn) == "Wag [U+738B]"
    assert printable("a\N{RIGHT-TO-LEFT OVERRIDE}g", drawn=drawn) == "a[U+202E]g"
    assert not is_printable("王", drawn=drawn)
    assert "[U+738B]" in text_of(a_letter(name="王"))


def test_a_body_becomes_paragraphs_and_lists():
    blocks = blocks_of("Dear Alex,\n\n\nIt pays for:\n\n* a drum\n* a pad\n\nX\nY", language="en")

    assert [(block.lines, block.is_list) for block in blocks] == [
        (("Dear Alex,",), False),
        (("It pays for:",), False),
        (("a drum", "a pad"), True),
        (("X", "Y"), False),
    ]


@pytest.mark.parametrize(
    ("language", "accessible_format", "is_ours"),
    [
        ("en", None, False),
        ("cy", None, False),
        ("fr", None, False),
        ("en", "large_print", True),
        ("en", "easy_read", True),
        ("ur", None, True),
        ("ar", None, True),
    ],
)
def test_what_others_cannot_set_as_well_is_printed_by_us(language, accessible_format, is_ours):
    assert is_set_by_us(a_wording("plan_approved", language, accessible_format)) == is_ours
