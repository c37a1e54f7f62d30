"""The words that are on file, in every language, read and checked once."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from services.notifications.forms.faults import (
    faults_of,
    faults_of_frame,
    faults_of_other,
    faults_of_translation,
)
from services.notifications.forms.rules import (
    ENGLISH,
    EasyLine,
    Frame,
    Template,
    direction_of,
    placeholders,
)
from services.notifications.people.rules import Audience
from services.notifications.phrases.rules import MONTHS, Phrases, slots
from services.notifications.pictures.drawings import PICTURES
from services.notifications.reading.rules import telling_words

WORDS = Path(__file__).parents[1] / "templates" / "words"
FRAME, PHRASES, EXPLAIN = "frame", "phrases", "explain.toml"
_PARTS = frozenset({"version", "facts", "subject", "heading", "body"})
_OPTIONAL = frozenset({"sms", "easy", "checked_by"})
_PARTS_FOR_OTHERS = frozenset({"version", "facts", "subject", "body", "audience"})
_OPTIONAL_FOR_OTHERS = frozenset({"sms"})
_MAY_BE_EMPTY = (
    "checked_by",
    "partly_english",
    "sms_explained",
    "no_explanation",
    "unprintable",
    "sms_copy",
    "written_copy",
    "written_staff",
)
_EASY_PARTS = ("easy_before", "easy_somebody", "easy_anybody", "easy_after")


class WordsUnfitError(Exception):
    """Words on file cannot be sent as they are. Nothing starts until they are mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All words in one language."""

    language: str
    frame: Frame
    templates: Mapping[str, Template]  # by topic
    phrases: Phrases | None  # None: English, in which the facts are
    others: Mapping[str, Template] = field(default_factory=dict)  # for others than the person

    def is_checked(self, topic: str) -> bool:
        """Tell whether a speaker has checked what is said on ``topic``. English is our own."""
        words = self.templates[topic]
        return self.language == ENGLISH or bool(words.checked_by and self.frame.checked_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A line in a language on how to have English words explained. A draft, until checked."""

    name: str  # of the language, in English
    line: str  # above a letter or an e-mail
    sms: str  # at the end of a text


def read(
    folder: Path, *, english: Library | None = None, pictures: Collection[str] = PICTURES
) -> Library:
    """Read and check the words in ``folder``, whose name is their language.

    Args:
        folder: a file for each topic, and those that stand around them.
        english: what these are a translation of; None if they are the English words.
        pictures: that stand beside lines of Easy Read.

    Raises:
        WordsUnfitError: names every file and what is wrong with it.
    """
    language = folder.name
    frame = _frame(folder / f"{FRAME}.toml")
    around = {FRAME, PHRASES}
    written = [_template(path) for path in sorted(folder.glob("*.toml")) if path.stem not in around]
    templates = [one for one in written if one.audience is Audience.HOLDER]
    others = [one for one in written if one.audience is not Audience.HOLDER]
    found = [
        f"{FRAME}: {fault}"
        for fault in faults_of_frame(frame, language=language, pictures=pictures)
    ]
    for template in templates:
        faults = faults_of(template, frame=frame, pictures=pictures)
        if english is not None:
            its_english = english.templates.get(template.topic)
            faults += faults_of_translation(template, english=its_english)
        found += [f"{template.topic}: {fault}" for fault in faults]
    for template in others:
        faults = faults_of_other(template, frame=frame)
        found += [f"{template.topic}: {fault}" for fault in faults]
    phrases = None
    if english is not None:
        there = {template.topic for template in templates}
        found += [f"{topic}: not translated" for topic in sorted(english.templates.keys() - there)]
        phrases = _phrases(folder / f"{PHRASES}.toml")
    if found:
        raise WordsUnfitError("\n".join(f"{language}/{fault}" for fault in found))
    return Library(
        language=language,
        frame=frame,
        templates={template.topic: template for template in templates},
        phrases=phrases,
        others={template.topic: template for template in others},
    )


def read_explanations(path: Path) -> Mapping[str, Explanation]:
    """Read and check the lines for languages that we lack, by language.

    Raises:
        WordsUnfitError: a line gives something away, or names nobody to call.
    """
    lines = {name: Explanation(**_parts(parts)) for name, parts in _toml(path).items()}
    found = [
        f"{path.stem}: {language}"
        for language, one in lines.items()
        if placeholders(one.line) != {"phone"} or placeholders(one.sms) or telling_words(one.sms)
    ]
    if found:
        raise WordsUnfitError("\n".join(found))
    return lines


@cache
def shipped() -> Mapping[str, Library]:
    """Return the words that this process has, by language."""
    english = read(WORDS / ENGLISH)
    others = sorted(path for path in WORDS.iterdir() if path.is_dir() and path.name != ENGLISH)
    return {ENGLISH: english} | {path.name: read(path, english=english) for path in others}


@cache
def explanations() -> Mapping[str, Explanation]:
    return read_explanations(WORDS / EXPLAIN)


def library() -> Library:
    """Return the English words, which every topic has."""
    return shipped()[ENGLISH]


def _template(path: Path) -> Template:
    parts = _parts(_toml(path))
    is_for_others = "audience" in parts
    needed = _PARTS_FOR_OTHERS if is_for_others else _PARTS
    optional = _OPTIONAL_FOR_OTHERS if is_for_others else _OPTIONAL
    unlike = sorted((needed - parts.keys()) | (parts.keys() - needed - optional))
    if parts.get("audience") not in {None, *set(Audience) - {Audience.HOLDER}}:
        unlike.append("audience")
    if unlike:
        raise WordsUnfitError(f"{path.stem}: missing or unknown: {', '.join(unlike)}")
    return Template(
        topic=path.stem,
        language=path.parent.name,
        version=parts["version"],
        checked_by=parts.get("checked_by", ""),
        facts=frozenset(parts["facts"]),
        sms=parts.get("sms"),
        subject=parts["subject"],
        heading=parts.get("heading", ""),
        body=parts["body"],
        easy=_easy(parts.get("easy", [])),
        audience=Audience(parts.get("audience", Audience.HOLDER)),
    )


def _frame(path: Path) -> Frame:
    parts = _parts(_toml(path))
    optional = {name: parts.pop(name, "") for name in _MAY_BE_EMPTY}
    easy = {name: _easy(parts.pop(name, [])) for name in _EASY_PARTS}
    return Frame(**{"telling": [], **parts, **optional, **easy})


def _phrases(path: Path) -> Phrases:
    parts = _toml(path)
    said, months = parts["said"], parts["months"]
    unlike = [english for english, there in said.items() if slots(english) != slots(there)]
    if unlike or len(months) != len(MONTHS):
        raise WordsUnfitError(f"{path.parent.name}/{path.stem}: {'; '.join(unlike) or 'months'}")
    is_rtl = direction_of(path.parent.name) == "rtl"
    return Phrases(said=said, months=months, is_rtl=is_rtl)


def _easy(lines: Sequence[Sequence[str]]) -> tuple[EasyLine, ...]:
    return tuple(EasyLine(picture=picture, words=words) for picture, words in lines)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _parts(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part.strip() if isinstance(part, str) else part for name, part in parts.items()}
