"""How hard words are to read, and the checks on file that keep them easy."""

import math
import shutil

import pytest

from services.notifications.on_file.library import WORDS, WordsUnfitError, read
from services.notifications.reading.rules import (
    hard_to_read,
    long_sentences,
    not_easy,
    office_words,
    sentences,
    smog,
)
from services.notifications.reading.syllables import syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("plan", 1),
        ("budget", 2),
        ("decision", 3),
        ("coordinator", 5),
        ("multidisciplinary", 7),
        ("moved", 1),
        ("table", 2),
        ("services", 3),
        ("decided", 3),
        ("needed", 2),
        ("asked", 1),
        ("rules", 1),
        ("brr", 1),
    ],
)
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_the_level_is_mclaughlins():
    text = "A decision is here. It is short. We see."

    assert smog(text, syllables=syllables) == pytest.approx(3.1291 + 1.043 * math.sqrt(10))


def test_a_sentence_or_two_have_no_level():
    assert smog("Short. And short.", syllables=syllables) is None


def test_facts_are_not_counted_and_lines_are_sentences():
    assert smog("A ((multidisciplinary)).\nB.\nC.", syllables=syllables) == pytest.approx(3.1291)
    assert sentences("One. Two?\n\n* three\n---") == ["One.", "Two?", "* three"]


def test_a_fact_counts_as_three_words():
    sentence = "Paid by ((day)) now."

    assert long_sentences(sentence, at_most=6) == []
    assert len(long_sentences(sentence, at_most=5)) == 1


def test_hard_words_are_found():
    text = "We commence. " + "Multidisciplinary determination necessitates consideration. " * 3

    found = list(hard_to_read(text, syllables=syllables))

    assert any("SMOG" in fault for fault in found)
    assert "has a word of offices: commence" in found
    assert office_words("Prior to this we utilise it") == ["prior", "utilise"]
    assert list(hard_to_read(text, syllables=None)) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("We came. We saw.", "more than one sentence"),
        ("word " * 16, "more than 15 words"),
        ("Please submit it.", "a word of offices: submit"),
    ],
)
def test_what_is_not_easy_read_is_found(line, fault):
    assert any(fault in found for found in not_easy(line, is_english=True))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("You now have", "Notwithstanding that you have", "body has a word of offices"),
        ("You now have", "word " * 25, "a sentence is too long"),
        ("You got ((refunded)) back.", "You got ((refunded)). It came.", "more than one sentence"),
        ("You got ((refunded)) back.", "You got it back.", "refunded is never said in Easy Read"),
        ('["shop", ', '["goat", ', "the picture goat, which is not there"),
        (
            "It came back from something that was bought for you.",
            "Multidisciplinary administrative reconsideration necessitated remuneration. " * 2,
            "SMOG",
        ),
    ],
)
def test_english_words_that_are_hard_to_read_stop_the_start(tmp_path, old, new, fault):
    folder = shutil.copytree(WORDS / "en", tmp_path / "en")
    path = folder / "refund.toml"
    words = path.read_text("utf-8")
    assert old in words
    path.write_text(words.replace(old, new), "utf-8")

    with pytest.raises(WordsUnfitError, match=fault):
        read(folder)
