"""How hard words are to read, and what they must not give away.

The level of reading is SMOG (G. H. McLaughlin, SMOG Grading: a new readability formula, Journal
of Reading 12, 1969): about the years of school that somebody needs to understand the whole. It is
made for English alone, and means nothing for a sentence or two.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping

SMOG_BELOW = 12.0
FEWEST_SENTENCES = 3  # fewer have no level
MOST_WORDS = 24  # in a sentence of a letter, an e-mail or a text
MOST_WORDS_EASY = 15
WORDS_OF_A_PLACEHOLDER = 3  # as many as a date, more than an amount
MANY_SYLLABLES = 3

_SENTENCE_END = re.compile(r"(?<=[.?!:\N{ARABIC FULL STOP}\N{ARABIC QUESTION MARK}])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W\d_]+)*")
_PLACEHOLDER = re.compile(r"\(\(\w+\)\)")

# What a text on a shared phone, or the subject of an e-mail, must not tell.
_TELLING = re.compile(
    r"£|\d|\b(pence|pounds?|nhs|trust|council|bank|shop|card|ccg|icb"
    r"|health|mental|ill(ness)?|sick|crisis|emergency|risk|safeguarding"
    r"|care|carers?|coordinator|nurse|doctor|gp|hospital|clinic(al)?|patient"
    r"|condition|diagnosis|disab(led|ility)|therap(y|ist)|counselling|medic(al|ine|ation)"
    r"|treatment|assessment|needs?|benefits?|support)\b",
    re.IGNORECASE,
)

# What people in offices write, and what people say.
PLAINER: Mapping[str, str] = {
    "accordance": "as",
    "additional": "more",
    "approximately": "about",
    "assistance": "help",
    "commence": "start",
    "commencing": "starting",
    "commissioner": "who pays",
    "deferred": "put off",
    "deem": "think",
    "determined": "decided",
    "eligible": "can have",
    "entitlement": "what you can have",
    "entitled": "can have",
    "enquire": "ask",
    "expenditure": "spending",
    "facilitate": "help",
    "forthwith": "now",
    "hereby": "",
    "herein": "here",
    "indicative": "first",
    "multidisciplinary": "who work together",
    "notwithstanding": "even if",
    "outcome": "what came of it",
    "permitted": "allowed",
    "personalised": "your own",
    "prior": "before",
    "pursuant": "by",
    "reimburse": "pay back",
    "remuneration": "pay",
    "regarding": "about",
    "require": "need",
    "requirements": "what is needed",
    "residing": "living",
    "submit": "send",
    "subsequently": "later",
    "sufficient": "enough",
    "terminate": "end",
    "utilise": "use",
    "whilst": "while",
}


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``; a line is one at least."""
    return [one for one in map(str.strip, _SENTENCE_END.split(text)) if _WORD.search(one)]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def smog(text: str, *, syllables: Callable[[str], int]) -> float | None:
    """Return the level of reading of English ``text``, or None if it has too few sentences.

    Args:
        text: placeholders may be in it, and are not counted.
        syllables: says how many a word has.
    """
    plain = _PLACEHOLDER.sub("", text)
    count = len(sentences(plain))
    if count < FEWEST_SENTENCES:
        return None
    hard = sum(syllables(word) >= MANY_SYLLABLES for word in words(plain))
    return 3.1291 + 1.0430 * math.sqrt(hard * 30 / count)


def long_sentences(text: str, *, at_most: int) -> list[str]:
    """Return the sentences with more words than ``at_most``; a placeholder counts as three."""
    return [one for one in sentences(_sayable(text)) if len(words(one)) > at_most]


def office_words(text: str) -> list[str]:
    """Return the words for which there are plainer ones."""
    return [word for word in words(text.lower()) if word in PLAINER]


def telling_words(text: str, *, also: Collection[str] = ()) -> list[str]:
    """Return what in ``text`` gives away amounts, who pays, or somebody's health.

    Args:
        text: what others can see.
        also: how such words begin in the language of the text, if that is not English.
    """
    begun = tuple(also)
    theirs = [one for one in words(text.lower()) if begun and one.startswith(begun)]
    return [match.group() for match in _TELLING.finditer(text)] + theirs


def hard_to_read(text: str, *, syllables: Callable[[str], int] | None) -> Iterator[str]:
    """Say what makes a letter or an e-mail hard to read.

    Args:
        text: its words.
        syllables: says how many an English word has; None for a language without a level.
    """
    for sentence in long_sentences(text, at_most=MOST_WORDS):
        yield f"a sentence is too long: {sentence}"
    if syllables is None:
        return
    level = smog(text, syllables=syllables)
    if level is not None and level >= SMOG_BELOW:
        yield f"is too hard to read: SMOG {level:.1f}"
    for word in office_words(text):
        yield f"has a word of offices: {word}"


def not_easy(sentence: str, *, is_english: bool) -> Iterator[str]:
    """Say why a line is not Easy Read: one idea in a sentence of at most fifteen words."""
    shown = _sayable(sentence)
    if len(sentences(shown)) > 1:
        yield f"more than one sentence: {sentence}"
    if len(words(shown)) > MOST_WORDS_EASY:
        yield f"more than {MOST_WORDS_EASY} words: {sentence}"
    for word in office_words(sentence) if is_english else ():
        yield f"a word of offices: {word}"


def _sayable(text: str) -> str:
    return _PLACEHOLDER.sub(" ".join(["fact"] * WORDS_OF_A_PLACEHOLDER), text)
