"""What people mean by their texts: better a person reads one too many than one is taken wrongly."""

import pytest

from services.notifications.replies.rules import Meaning, digest_of, help_answer, meaning_of


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


def test_the_answer_is_one_fragment_with_the_longest_address_and_phone():
    answer = help_answer(web_address="https://" + "a" * 24, phone="0" * 13)

    assert len(answer) <= 160
    assert answer.isascii()
    assert "STOP" in answer


def test_a_digest_tells_texts_apart_and_takes_every_text():
    assert digest_of("a") != digest_of("b")
    assert len(digest_of("\ud800")) == 64
