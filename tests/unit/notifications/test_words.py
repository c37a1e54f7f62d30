"""The words themselves, and the checks that keep them fit to be sent."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.forms.faults import LONGEST_USUAL_NAME
from services.notifications.forms.rules import Around, fill, text_for, written_for
from services.notifications.on_file import library
from services.notifications.on_file.library import WORDS, WordsUnfitError, read
from services.notifications.reading.rules import telling_words
from services.notifications.texts.rules import fragments, is_gsm
from simulators.notify import content_limits

AROUND = {"web_address": "https://commonpurse.example", "phone": "01632 960123"}
ENGLISH = WORDS / "en"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ENGLISH, tmp_path / "en")


def change(path, old, new):
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


def templates():
    return library.library().templates.values()


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.topic)
def test_texts_and_subjects_give_nothing_away(template):
    frame = library.library().frame
    text = text_for(template, frame=frame, name="Alex", points=AROUND)
    around_the_words = fill(frame.sms, {"name": "", "words": "", "web_address": "", "phone": ""})

    assert telling_words(template.subject) == []
    assert telling_words(around_the_words) == []
    if text is not None:
        assert telling_words(template.sms) == []
        assert text.startswith("Alex, ")
        assert "https://commonpurse.example" in text
        assert "01632 960123" in text
        assert is_gsm(text)
        assert fragments(text) == 1


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.topic)
def test_a_long_name_outside_gsm_still_takes_two_fragments_at_most(template):
    frame = library.library().frame

    text = text_for(template, frame=frame, name=LONGEST_USUAL_NAME, points=AROUND)

    assert (text is None) == (template.sms is None)
    assert text is None or fragments(text) <= 2


def test_a_name_too_long_for_a_text_is_not_cut():
    template = library.library().templates["budget_ready"]

    assert text_for(template, frame=library.library().frame, name="Ł" * 200, points=AROUND) is None


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.topic)
def test_letters_and_emails_speak_in_short_sentences(template):
    sentences = [
        sentence
        for paragraph in template.body.split("\n\n")
        for sentence in paragraph.replace("?", ".").split(". ")
    ]

    assert max(len(sentence.split()) for sentence in sentences) <= 24


def test_a_letter_names_whom_to_ask_or_else_the_telephone():
    template, frame = library.library().templates["budget_declined"], library.library().frame

    def body(contact):
        around = Around(name="Viv O'Brien", contact=contact, points=AROUND)
        return written_for(template, frame=frame, facts={}, around=around)

    assert "Ask Kim Ng, your broker. Or call us on 01632 960123." in body(("Kim Ng", "broker"))
    assert "Call us on 01632 960123." in body(None)
    assert body(None).startswith("Dear Viv O'Brien,")
    assert "Your services stay as they are." in body(None)


@given(name=st.text(), reason=st.text())
def test_what_a_fact_holds_comes_out_as_it_went_in(name, reason):
    assert fill("Dear ((name)), ((reason))!", {"name": name, "reason": reason}) == (
        f"Dear {name}, {reason}!"
    )


@pytest.mark.parametrize(
    "nasty",
    ["((phone))", "<b>O'Brien</b>", "'; DROP TABLE people; --", "אבי 🎉", "\\g<1>", "&amp;"],
)
def test_a_fact_is_never_taken_for_a_placeholder_or_for_markup(nasty):
    filled = fill("((name)) ((phone))", {"name": nasty, "phone": "01632 960123"})

    assert filled == f"{nasty} 01632 960123"


def test_a_list_becomes_lines():
    assert fill("Bought:\n((lines))", {"lines": ["a drum", "two sticks"]}) == (
        "Bought:\n* a drum\n* two sticks"
    )


@given(text=st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("aé€[~ŷ"))))
def test_fragments_are_counted_as_the_provider_counts_them(text):
    assert fragments(text) == content_limits.fragments(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ŷ" * 70, 1), ("🎉" * 36, 2)],
)
def test_a_fragment_has_its_known_sizes(text, count):
    assert fragments(text) == count


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("budget_ready", "((available))", "((balance))", "balance, which is not allowed"),
        ("budget_ready", "((available))", "nothing", "the fact available is never said"),
        ("budget_ready", "((available))", "((available)) ((two words))", "broken placeholder"),
        ("budget_ready", "your budget is ready", "£5 is ready", "sms gives away: £"),
        ("budget_ready", "your budget is ready", "your therapy budget is ready", "therapy"),
        ("budget_ready", "your budget is ready", "your “budget” is ready", "plain text"),
        ("budget_ready", "your budget is ready", "your budget " * 6, "sms is too long"),
        ("budget_ready", "your budget is ready", "((available)) is ready", "sms has the"),
        ("budget_ready", 'subject = "Your budget', 'subject = "Your NHS budget', "NHS"),
        ("budget_ready", "version = 1", "", "missing or unknown: version"),
        ("budget_ready", "version = 1", "version = 1\nsmss = 'x'", "missing or unknown: smss"),
        ("frame", "((ask))", "((aks))", "aks, which is not allowed"),
        ("frame", "((name)), ((words))", "((words)) ((name))", "does not begin with the name"),
    ],
)
def test_words_that_must_not_be_sent_stop_the_start(folder, file, old, new, fault):
    change(folder / f"{file}.toml", old, new)

    with pytest.raises(WordsUnfitError, match=fault):
        read(folder)
