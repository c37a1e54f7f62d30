"""The person's words: for a reading age of about nine to eleven."""

import re
from dataclasses import replace

import pytest

from services.budget.pages import wording
from services.budget.pages.rules import person_page
from tests.unit.budget.papers import PERSON

# Words of the books, which nobody outside has to know.
JARGON = re.compile(
    r"\b(posting|journal|ledger|hold|held|capture|funder|debit|credit|accrue|net|gross|arrears"
    r"|balance|contribution|reimburse|expenditure|outcome|overspent|pence|prior|regarding)s?\b",
    re.IGNORECASE,
)
MOST_WORDS = 18  # of a sentence
SCHOOL_YEARS = 5.0  # of Flesch and Kincaid: ten to eleven years old


def statements():
    """The person's pages with every sentence that there is."""
    for asked, paid in ((0, 0), (80_00, 30_00), (80_00, 80_00), (80_00, 90_00)):
        yield replace(
            PERSON,
            contribution_asked_pence=asked,
            contribution_paid_pence=paid,
            contribution_due_pence=asked - paid,
            overspent_pence=5_00,
            left_pence=PERSON.left_pence - 50_00 + asked - paid + 5_00,
        )


def prose():
    found = []
    for statement in statements():
        page = person_page(statement)
        found += [*page.sentences, page.letters_missing]
        found += [sentence for one in page.sections for sentence in one.sentences]
    found += [wording.NO_MONEY_IN, wording.NOTHING_SPENT, wording.NOTHING_COMING]
    return [sentence for text in dict.fromkeys(found) for sentence in re.split(r"(?<=[.]) ", text)]


def headings():
    page = person_page(PERSON)
    tables = [one.table for one in page.sections if one.table]
    return [
        page.title,
        *(one.heading for one in page.sections),
        *(heading for table in tables for heading in table.headings),
        *(row[0] for row in tables[0].rows),
    ]


def words_of(sentence):
    return re.findall(r"[a-z']+", sentence.lower())


def syllables(word):
    groups = re.findall(r"[aeiouy]+", word.removesuffix("e"))
    return max(1, len(groups))


@pytest.mark.parametrize("sentence", prose())
def test_a_sentence_is_short(sentence):
    assert sentence.endswith(".")
    assert len(words_of(sentence)) <= MOST_WORDS


def test_a_child_of_eleven_can_read_it():
    sentences = [words_of(sentence) for sentence in prose()]
    words = [word for sentence in sentences for word in sentence]
    a_sentence = len(words) / len(sentences)
    a_word = sum(map(syllables, words)) / len(words)

    assert 0.39 * a_sentence + 11.8 * a_word - 15.59 < SCHOOL_YEARS


def test_no_word_of_the_books_is_in_it():
    assert [text for text in (*prose(), *headings()) if JARGON.search(text)] == []


def test_the_measure_sees_what_it_should():
    assert JARGON.search("Your contribution is in arrears.")
    assert [syllables(word) for word in ("care", "money", "coordinator", "the")] == [1, 2, 4, 1]
