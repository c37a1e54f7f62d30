"""What people mean by their texts: better a person reads one too many than one is taken wrongly."""

from dataclasses import replace

import pytest

from services.notifications.forms.faults import faults_of_frame
from services.notifications.on_file.library import library
from services.notifications.pictures.drawings import PICTURES
from services.notifications.replies.rules import Meaning, meaning_of
from services.notifications.replies.sealing import digest_of
from services.notifications.templates.wording import help_answer
from services.notifications.texts.rules import fragments

LONGEST = {"web_address": "https://" + "a" * 24, "phone": "0" * 13}


@pytest.mark.parametrize(
    "message",
    [
        "STOP",
        " stop. ",
        "Stop!!!",
        "“Stop”",
        "please stop texting me",
        "STOP ALL MESSAGES NOW",
        "Unsubscribe",
        "STOPIO",
        "Peidiwch â tecstio fi os gwelwch yn dda",
        "Przestań",
        "PRZESTAN",
        "Proszę przestańcie wysyłać wiadomości",
        "بند کریں",
        "براہ کرم پیغامات بند کر دیں",
        "STOP\u06d4",
    ],
)
def test_a_stop_in_four_languages(message):
    assert meaning_of(message) is Meaning.STOP


@pytest.mark.parametrize(
    "message",
    ["HELP", "help?", "Info", "?", "Who is this?", "Cymorth", "Pwy sy'n", "pomoc", "Kto to", "مدد"],
)
def test_a_question_who_we_are_in_four_languages(message):
    assert meaning_of(message) is Meaning.HELP


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "Stop the visits on Monday",
        "Don't stop",
        "nonstop",
        "Please help me",
        "I need help",
        "help I have fallen",
        "please",
        "Thanks",
        "cancel",
        "end",
        "Yes",
        "🎉",
        "\x00\ud800",
        "stop" * 1_000,
    ],
)
def test_everything_else_is_for_a_person_to_read(message):
    assert meaning_of(message) is Meaning.OTHER


@pytest.mark.parametrize("language", ["en", "fr", "", "EN-gb"])
def test_the_answer_is_one_fragment_with_the_longest_address_and_phone(language):
    answer = help_answer(language, around=LONGEST)

    assert len(answer) <= 160
    assert answer.isascii()
    assert "STOP" in answer


@pytest.mark.parametrize(
    ("language", "begins"), [("cy", "Common Purse sydd"), ("pl-PL", "Tu Common"), ("ur", "یہ")]
)
def test_a_draft_of_the_answer_is_used_only_where_drafts_are(language, begins):
    draft = help_answer(language, around=LONGEST, are_drafts_allowed=True)
    refused = help_answer(language, around=LONGEST, are_drafts_allowed=False)

    assert draft.startswith(begins)
    assert "STOP" in draft
    assert fragments(draft) <= 2
    assert refused == help_answer("en", around=LONGEST)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("((web_address)) ((phone))", "help does not say STOP"),
        ("STOP ((web_address))", "help does not say ((phone))"),
        ("STOP ((web_address)) ((phone)) ((name))", "help"),
        ("STOP ((web_address)) ((phone))" + "é" * 300, "help is too long"),
        ("STOP ((web_address)) ((phone)) hospital", "help"),
    ],
)
def test_words_that_cannot_answer_stop_the_start(words, fault):
    frame = replace(library().frame, help=words)

    found = faults_of_frame(frame, language="en", pictures=PICTURES)

    assert [one for one in found if one.startswith(fault)] == found != []


def test_a_digest_tells_texts_apart_and_takes_every_text():
    assert digest_of("a") != digest_of("b")
    assert len(digest_of("\ud800")) == 64
