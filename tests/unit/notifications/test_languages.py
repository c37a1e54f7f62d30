"""What is said in other languages, who has checked it, and what people get instead."""

import shutil
from functools import partial

import pytest

from services.notifications.forms.faults import LONGEST_USUAL_NAME
from services.notifications.forms.rules import (
    direction_of,
    placeholders,
    text_for,
)
from services.notifications.on_file import library
from services.notifications.on_file.library import WORDS, WordsUnfitError, explanations, read
from services.notifications.people.rules import Channel
from services.notifications.phrases.rules import translated
from services.notifications.templates.wording import wording_for
from services.notifications.texts.rules import fragments

AROUND = {"web_address": "https://commonpurse.example", "phone": "01632 960123"}
TRANSLATED = ["cy", "pl", "ur"]
EVERY_TOPIC = [
    pytest.param(language, topic, id=f"{language}-{topic}")
    for language in TRANSLATED
    for topic in library.library().templates
]
FACTS = {"available": "£29.00"}


@pytest.fixture
def drafts(monkeypatch):
    """Allow or refuse drafts, as a process does from its start."""

    return partial(monkeypatch.setenv, "NOTIFICATIONS_DRAFTS")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(WORDS / "pl", tmp_path / "pl")


def change(path, old, new):
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


def without_isolates(text):
    return text.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")


def said(language, channel=Channel.LETTER, *, topic="balance_low", facts=FACTS, **changed):
    asked = {
        "accessible_format": None,
        "name": "Alex Sample",
        "contact": ("Jo Abu", "care coordinator"),
        "around": AROUND,
        **changed,
    }
    return wording_for(channel, topic=topic, language=language, facts=facts, **asked)


@pytest.mark.parametrize(("language", "topic"), EVERY_TOPIC)
def test_a_translation_says_all_that_the_english_words_say(language, topic):
    english, template = (library.shipped()[one].templates[topic] for one in ("en", language))

    assert placeholders(template.body) == placeholders(english.body)
    assert placeholders(template.heading) == placeholders(english.heading)
    assert template.body.count("\n\n") >= english.body.count("\n\n")


@pytest.mark.parametrize(("language", "topic"), EVERY_TOPIC)
def test_a_text_in_any_language_has_two_fragments_at_most(language, topic):
    words = library.shipped()[language]

    text = text_for(
        words.templates[topic],
        frame=words.frame,
        name=LONGEST_USUAL_NAME,
        points={"web_address": "w" * 32, "phone": "0" * 13},
    )

    assert (text is None) == (words.templates[topic].sms is None)
    assert text is None or fragments(text) <= 2


@pytest.mark.parametrize("language", sorted(explanations()))
@pytest.mark.parametrize("topic", [*library.library().templates])
def test_a_line_in_another_language_leaves_room_for_a_text(language, topic, drafts):
    drafts("refuse")
    template = library.library().templates[topic]
    facts = dict.fromkeys(template.facts, "x")

    text = said(language, Channel.SMS, topic=topic, facts=facts, name="Aleksandra")

    assert (text is None) == (template.sms is None)
    if text is not None:
        assert text.body.endswith(explanations()[language].sms)
        assert text.body.startswith("Aleksandra, ")
        assert "https://commonpurse.example 01632 960123." in text.body


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_speaker_has_checked_these_words_so_production_refuses_them(language, drafts):
    drafts("refuse")
    letter = said(language)

    assert not library.shipped()[language].is_checked("balance_low")
    assert letter.language == "en"
    assert letter.explained_in == language
    first, second, *_ = letter.body.split("\n\n")
    line = explanations()[language].line
    assert without_isolates(first) == line.replace("((phone))", "01632 960123")
    assert second == "Dear Alex Sample,"


@pytest.mark.parametrize("language", ["pl", "PL", "pl-PL", " pl_PL "])
def test_a_draft_is_used_where_it_is_allowed(language, drafts):
    drafts("allow")
    letter = said(language)

    assert (letter.language, letter.explained_in) == ("pl", None)
    assert letter.subject == "W Państwa budżecie zostało niewiele"
    assert "zostało £29.00." in letter.body
    assert "Jo Abu, koordynator opieki" in letter.body
    assert "po angielsku" not in letter.body


def test_a_language_of_which_we_have_no_line_gets_english_and_whom_to_call(drafts):
    drafts("allow")
    letter = said("xx")

    assert letter.language == "en"
    assert letter.explained_in is None
    assert letter.body.startswith("Do you want this in another language? Call us on 01632 960123.")
    assert said("xx", Channel.SMS).body.startswith("Alex Sample, there is an update")


@pytest.mark.parametrize("channel", Channel)
def test_a_format_that_we_do_not_have_is_for_a_person(channel):
    assert said("en", channel, accessible_format="braille") is None
    assert said("en", channel, accessible_format="Large print") is not None


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
def test_easy_read_in_a_language_without_it_is_for_a_person(channel, drafts):
    drafts("allow")

    assert said("pl", channel, accessible_format="easy_read") is None
    assert said("en", channel, accessible_format="easy_read").accessible_format == "easy_read"
    assert said("pl", Channel.SMS, accessible_format="easy_read").language == "pl"


def test_what_somebody_wrote_stays_english_and_the_letter_says_so(drafts):
    drafts("allow")
    facts = {"ends_on": "24 November 2026", "reason": "Because the rules say so."}
    letter = said("pl", topic="budget_ended", facts=facts)

    assert "24 listopada 2026. Because the rules say so." in letter.body
    assert letter.body.endswith("a ktoś je wyjaśni.")


def test_urdu_runs_from_right_to_left_and_keeps_numbers_the_right_way_round(drafts):
    drafts("allow")
    letter, text = said("ur"), said("ur", Channel.SMS)

    assert (letter.direction, text.direction) == ("rtl", "rtl")
    assert "\N{FIRST STRONG ISOLATE}01632 960123\N{POP DIRECTIONAL ISOLATE}" in letter.body
    assert "\N{FIRST STRONG ISOLATE}£29.00\N{POP DIRECTIONAL ISOLATE}" in letter.body
    assert text.body.startswith("\N{FIRST STRONG ISOLATE}Alex Sample\N{POP DIRECTIONAL ISOLATE}")
    assert direction_of("pl") == "ltr"


@pytest.mark.parametrize(
    ("fact", "there"),
    [
        ("£1,240.00", ("£1,240.00", True)),
        ("3 March 2026", ("3 marca 2026", True)),
        ("team manager", ("kierownik zespołu", True)),
        ("You pay it back by 3 March 2026.", ("Proszę to zwrócić do 3 marca 2026.", True)),
        ("Say (why) [not] a+b", ("Say (why) [not] a+b", False)),
        (
            "Bo Lee, your attorney: may look after your money, sign your plan",
            ("Bo Lee (pełnomocnik): może dbać o Państwa pieniądze, podpisać Państwa plan", True),
        ),
        (
            "Drum lessons: 10 times £20.00, together £200.00",
            ("Drum lessons: 10 razy £20.00, razem £200.00", False),
        ),
    ],
)
def test_facts_are_said_in_another_language_as_far_as_they_are_our_own(fact, there):
    phrases = library.shipped()["pl"].phrases

    assert translated(fact, phrases) == there
    assert translated([fact, "£1.00"], phrases) == ([there[0], "£1.00"], there[1])


def test_parts_of_our_own_words_keep_their_direction_in_urdu():
    line = "Drum lessons: 10 times £20.00, together £200.00"

    there, _ = translated(line, library.shipped()["ur"].phrases)

    assert "\N{FIRST STRONG ISOLATE}Drum lessons\N{POP DIRECTIONAL ISOLATE}:" in there
    assert "\N{FIRST STRONG ISOLATE}£200.00\N{POP DIRECTIONAL ISOLATE}" in there


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("refund", "((available))", "((balance))", "balance, which is not allowed"),
        ("refund", "wiadomość", "wiadomość ze szpitala", "gives away: szpitala"),
        ("refund", "wiadomość", "długa wiadomość" * 5, "sms is too long"),
        ("refund", 'sms = "jest', '# sms = "jest', "none where they have one"),
        ("refund", '"available"]', '"available", "more"]', "other facts than the English"),
        ("refund", "Teraz zostało", "słowo " * 30, "a sentence is too long"),
        ("frame", "partly_english", "# partly_english", "partly_english is for"),
        ("frame", "lub tel. ((phone))", "", "sms does not say phone"),
        ("phrases", '"marca", ', "", "pl/phrases: months"),
        ("phrases", "Teraz to ((amount))", "Teraz to", "We take back less"),
    ],
)
def test_a_translation_that_must_not_be_sent_stops_the_start(folder, file, old, new, fault):
    change(folder / f"{file}.toml", old, new)

    with pytest.raises(WordsUnfitError, match=fault):
        read(folder, english=library.library())


@pytest.mark.parametrize(("remove", "fault"), [("refund", "refund: not translated")])
def test_a_topic_without_a_translation_stops_the_start(folder, remove, fault):
    (folder / f"{remove}.toml").unlink()

    with pytest.raises(WordsUnfitError, match=fault):
        read(folder, english=library.library())


def test_words_of_which_there_are_no_english_ones_stop_the_start(folder):
    shutil.copy(folder / "refund.toml", folder / "nonsense.toml")

    with pytest.raises(WordsUnfitError, match="nonsense: there are no English words for it"):
        read(folder, english=library.library())


@pytest.mark.parametrize("line", ['line = "Zadzwoń."', 'line = "((phone))"\nsms = "NHS"'])
def test_a_line_that_names_nobody_to_call_or_gives_something_away_stops_the_start(tmp_path, line):
    path = tmp_path / "explain.toml"
    path.write_text(
        '[pl]\nname = "Polish"\n' + (line if "sms" in line else line + '\nsms = "po polsku"')
    )

    with pytest.raises(WordsUnfitError, match="explain: pl"):
        library.read_explanations(path)
