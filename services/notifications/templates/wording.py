"""The words of one message as one channel says them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.notifications import settings
from services.notifications.forms.rules import (
    ENGLISH,
    Around,
    EasyLine,
    Template,
    direction_of,
    easy_for,
    fill,
    help_for,
    text_for,
    written_for,
)
from services.notifications.on_file.library import Library, explanations, library, shipped
from services.notifications.people.rules import Channel, format_code
from services.notifications.phrases.rules import Fact, translated

LARGE_PRINT, EASY_READ = "large_print", "easy_read"
FORMATS = frozenset({None, LARGE_PRINT, EASY_READ})  # any other needs a person, such as braille


class FactsUnfitError(Exception):
    """An event was put into other facts than its words have placeholders for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is said, and by which channel."""

    channel: Channel
    language: str  # of the words
    version: int  # of the words
    subject: str | None  # of an e-mail, or the heading of a letter
    body: str
    direction: str  # of the language: ltr or rtl
    accessible_format: str | None  # that it is in: large print only on paper
    pictures: tuple[str, ...] = ()  # of Easy Read: one for each paragraph of the body
    explained_in: str | None = None  # the language of the line that says how to have it explained


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """In which words a topic is said to somebody who wants a language."""

    library: Library
    line: str = ""  # above them
    sms: str = ""  # at the end of a text
    explained_in: str | None = None


def wording_for(
    channel: Channel,
    *,
    topic: str,
    language: str,
    accessible_format: str | None,
    name: str,
    facts: Mapping[str, Fact],
    contact: tuple[str, str] | None,
    around: Mapping[str, Fact],
    are_drafts_allowed: bool | None = None,
) -> Wording | None:
    """Return what is said on ``topic`` by ``channel``, or None if that channel cannot say it.

    A topic that is only said in writing has no text, and a text that becomes too long with
    the person's name in it is not cut. Words that no speaker has checked are used where the
    settings allow drafts; elsewhere it is said in English, with a line in the language on how to
    have it explained.

    Somebody who needs a format that we do not have, or Easy Read in a language without it, is not
    written to in another one: a person must tell them.

    Args:
        channel: how it travels.
        topic: what it is about.
        language: the one that the person wants.
        accessible_format: the one that the person needs, if any.
        name: how the person is called: the given name in a text, the whole one in writing.
        facts: exactly those of the topic's template, in English words.
        contact: name and role of somebody whom the person can ask.
        around: web address and telephone number.
        are_drafts_allowed: whether words may be used that no speaker has checked; None: as the
            settings say.

    Raises:
        FactsUnfitError: other facts than the words have placeholders for.
    """
    if library().templates[topic].facts != facts.keys():
        raise FactsUnfitError(topic)
    needed = format_code(accessible_format)
    if needed not in FORMATS:
        return None
    if are_drafts_allowed is None:
        are_drafts_allowed = settings.are_drafts_allowed()
    words = _words_for(topic, language=language, are_drafts_allowed=are_drafts_allowed)
    if channel is Channel.SMS:
        return _text(words, topic=topic, name=name, points=around)
    if needed == EASY_READ and not words.library.templates[topic].easy:
        return None
    beside = Around(name=name, contact=contact, points=around)
    return _written(
        words,
        channel=channel,
        topic=topic,
        facts=facts,
        around=beside,
        accessible_format=needed,
    )


def help_answer(
    language: str, *, around: Mapping[str, Fact], are_drafts_allowed: bool | None = None
) -> str:
    """Return what somebody is told who answers a text with HELP.

    Args:
        language: the one that the person wants; English where there are no words in it, or none
            that may be used.
        around: web address and telephone number.
        are_drafts_allowed: as for ``wording_for``.
    """
    if are_drafts_allowed is None:
        are_drafts_allowed = settings.are_drafts_allowed()
    known = shipped().get(language_code(language))
    if known is None or not (known.frame.checked_by or are_drafts_allowed):
        known = library()
    return help_for(known.frame, language=known.language, points=around)


def language_code(language: str) -> str:
    """Return ``pl`` for ``pl``, ``PL`` and ``pl-PL``."""
    return language.strip().lower().replace("_", "-").partition("-")[0]


def _words_for(topic: str, *, language: str, are_drafts_allowed: bool) -> _Words:
    code = language_code(language)
    known = shipped().get(code)
    if known is not None and (known.is_checked(topic) or are_drafts_allowed):
        return _Words(library=known)
    explanation = explanations().get(code)
    if explanation is None:
        return _Words(library=library(), line=library().frame.no_explanation)
    return _Words(library=library(), line=explanation.line, sms=explanation.sms, explained_in=code)


def _text(words: _Words, *, topic: str, name: str, points: Mapping[str, Fact]) -> Wording | None:
    template = words.library.templates[topic]
    frame = words.library.frame
    text = text_for(template, frame=frame, name=name, points=points, explain=words.sms)
    if text is None:
        return None
    return Wording(
        channel=Channel.SMS,
        language=template.language,
        version=template.version,
        subject=None,
        body=text,
        direction=direction_of(template.language),
        accessible_format=None,
        explained_in=words.explained_in,
    )


def _written(
    words: _Words,
    *,
    channel: Channel,
    topic: str,
    facts: Mapping[str, Fact],
    around: Around,
    accessible_format: str | None,
) -> Wording:
    template = words.library.templates[topic]
    direction = direction_of(template.language)
    facts, around, is_all_said = _said(words.library, facts, around)
    is_easy = accessible_format == EASY_READ
    is_letter = channel is Channel.LETTER
    is_large = is_letter and accessible_format == LARGE_PRINT
    lines = _lines(words, template=template, facts=facts, around=around, is_easy=is_easy)
    if not is_all_said:
        lines.append(_aside(words.library.frame.partly_english, around, direction=direction))
    if words.line:
        runs = direction_of(words.explained_in or ENGLISH)
        lines.insert(0, _aside(words.line, around, direction=runs))
    heading = fill(template.heading, facts, direction=direction)
    return Wording(
        channel=channel,
        language=template.language,
        version=template.version,
        subject=heading if is_letter else template.subject,
        body="\n\n".join(line.words for line in lines),
        direction=direction,
        accessible_format=EASY_READ if is_easy else LARGE_PRINT if is_large else None,
        pictures=tuple(line.picture for line in lines) if is_easy else (),
        explained_in=words.explained_in,
    )


def _lines(
    words: _Words,
    *,
    template: Template,
    facts: Mapping[str, Fact],
    around: Around,
    is_easy: bool,
) -> list[EasyLine]:
    """Return Easy Read line by line, or all of a letter or an e-mail as one."""
    frame = words.library.frame
    if is_easy:
        return easy_for(template, frame=frame, facts=facts, around=around)
    written = written_for(template, frame=frame, facts=facts, around=around)
    return [EasyLine(picture="letter", words=written)]


def _aside(line: str, around: Around, *, direction: str) -> EasyLine:
    return EasyLine(picture="question", words=fill(line, around.points, direction=direction))


def _said(
    words: Library, facts: Mapping[str, Fact], around: Around
) -> tuple[Mapping[str, Fact], Around, bool]:
    """Say facts in the language of the words, as far as we can; and whether all of them are."""
    if words.phrases is None:
        return facts, around, True
    said = {name: translated(fact, words.phrases) for name, fact in facts.items()}
    if around.contact is not None:
        name, role = around.contact
        role_there, _ = translated(role, words.phrases)
        around = replace(around, contact=(name, str(role_there)))
    return (
        {name: fact for name, (fact, _) in said.items()},
        around,
        all(is_said for _, is_said in said.values()),
    )
