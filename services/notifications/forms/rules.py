"""How words are filled in, and put together for a text, an e-mail, a letter or Easy Read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notifications.people.rules import Audience
from services.notifications.phrases.rules import Fact, isolated
from services.notifications.reading.rules import sentences
from services.notifications.texts.rules import FRAGMENTS_AT_MOST, fragments

PLACEHOLDER = re.compile(r"\(\((\w+)\)\)")
ENGLISH = "en"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ku", "ps", "ur"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EasyLine:
    """One idea, and the picture that stands beside it."""

    picture: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What is said on one topic, in one language, at one version of the words."""

    topic: str
    language: str
    version: int
    checked_by: str  # a speaker of the language; empty: it is a draft
    facts: frozenset[str]  # the only placeholders its heading, body and easy lines may have
    sms: str | None  # none: this is never said in a text
    subject: str  # of an e-mail: seen on a locked phone
    heading: str  # of a letter: seen by who opens it
    body: str
    easy: Sequence[EasyLine]  # none: there is no Easy Read in this language
    audience: Audience = Audience.HOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the words of every topic."""

    checked_by: str
    telling: Sequence[str]  # how words begin, in this language, that others must not see
    sms: str
    help: str  # a text to somebody who answers one with HELP
    written: str
    ask_somebody: str
    ask_anybody: str
    partly_english: str  # said below words with a fact in them that is in English; or empty
    sms_explained: str  # a text with a line in another language; English alone has it
    no_explanation: str  # for a language of which we have not even a line; English alone
    unprintable: str  # for one whose letters we cannot print; English alone
    sms_copy: str  # to whoever acts for a person; English alone
    written_copy: str
    written_staff: str  # to whoever works with them; English alone
    easy_before: Sequence[EasyLine]
    easy_somebody: Sequence[EasyLine]
    easy_anybody: Sequence[EasyLine]
    easy_after: Sequence[EasyLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What every message has beside the facts of its topic."""

    name: str
    contact: tuple[str, str] | None  # name and role of somebody whom the person can ask
    points: Mapping[str, Fact]  # web address and telephone number


def direction_of(language: str) -> str:
    """Return how a language runs, as HTML has it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def fill(text: str, facts: Mapping[str, Fact], *, direction: str = "ltr") -> str:
    """Put the facts in, in one go: what a fact itself holds is never taken for a placeholder.

    A list becomes lines that begin with a star. Nothing is escaped, since these are words and
    no markup.
    """

    def steered(line: str) -> str:
        return line if direction == "ltr" else isolated(line)

    def shown(match: re.Match[str]) -> str:
        fact = facts[match.group(1)]
        if isinstance(fact, str):
            return steered(fact)
        return "\n".join(f"* {steered(line)}" for line in fact)

    return PLACEHOLDER.sub(shown, text)


def text_for(
    template: Template, *, frame: Frame, name: str, points: Mapping[str, Fact], explain: str = ""
) -> str | None:
    """Return the text message, or None if this is not said in texts or it becomes too long.

    Args:
        template: the words of the topic.
        frame: the words around them.
        name: how the person is called.
        points: web address and telephone number.
        explain: a line in another language on how to have this explained, or nothing.
    """
    if template.sms is None:
        return None
    text = _framed(
        frame.sms_explained if explain else frame.sms,
        words={"words": template.sms, "explain": explain},
        facts={**points, "name": name},
        direction=direction_of(template.language),
    )
    return text if fragments(text) <= FRAGMENTS_AT_MOST else None


def help_for(frame: Frame, *, language: str, points: Mapping[str, Fact]) -> str:
    """Return what somebody is told who asks by text who we are."""
    return fill(frame.help, points, direction=direction_of(language))


def copied_text_for(
    template: Template, *, frame: Frame, name: str, person: str, points: Mapping[str, Fact]
) -> str | None:
    """Return the text to whoever acts for a person, or None if there is none or it is too long.

    Args:
        template: the words.
        frame: the words around them.
        name: how the representative is called.
        person: the given name of whom it concerns.
        points: web address and telephone number.
    """
    if template.sms is None:
        return None
    facts = {**points, "name": name, "person": person}
    text = _framed(frame.sms_copy, words={"words": template.sms}, facts=facts, direction="ltr")
    return text if fragments(text) <= FRAGMENTS_AT_MOST else None


def written_to_other(
    template: Template, *, frame: Frame, facts: Mapping[str, Fact], around: Around
) -> str:
    """Return the body of an e-mail to whoever acts for a person, or works with them."""
    is_copy = template.audience is Audience.REPRESENTATIVE
    return _framed(
        frame.written_copy if is_copy else frame.written_staff,
        words={"words": fill(template.body, facts)},
        facts={**around.points, "name": around.name},
        direction="ltr",
    )


def written_for(
    template: Template, *, frame: Frame, facts: Mapping[str, Fact], around: Around
) -> str:
    """Return the body of an e-mail or a letter."""
    direction = direction_of(template.language)
    if around.contact is None:
        ask = fill(frame.ask_anybody, around.points, direction=direction)
    else:
        whom = {"contact_name": around.contact[0], "contact_role": around.contact[1]}
        ask = fill(frame.ask_somebody, {**around.points, **whom}, direction=direction)
    return _framed(
        frame.written,
        words={"words": fill(template.body, facts, direction=direction), "ask": ask},
        facts={**around.points, "name": around.name},
        direction=direction,
    )


def _framed(
    frame: str, *, words: Mapping[str, str], facts: Mapping[str, Fact], direction: str
) -> str:
    """Put ``words``, which are finished, and facts into a frame, in one go."""

    def shown(match: re.Match[str]) -> str:
        finished = words.get(match.group(1))
        return fill(match.group(), facts, direction=direction) if finished is None else finished

    return PLACEHOLDER.sub(shown, frame)


def easy_for(
    template: Template, *, frame: Frame, facts: Mapping[str, Fact], around: Around
) -> list[EasyLine]:
    """Return a letter or an e-mail in Easy Read, line by line.

    A fact that is long, such as somebody's reasons, is broken into its sentences; they are
    somebody's own, so that they may be longer than ours.
    """
    whom = around.contact or ("", "")
    known: Mapping[str, Fact] = {
        **facts,
        **around.points,
        "name": around.name,
        "contact_name": whom[0],
        "contact_role": whom[1],
    }
    ask = frame.easy_anybody if around.contact is None else frame.easy_somebody
    return [
        EasyLine(picture=line.picture, words=said)
        for line in (*frame.easy_before, *template.easy, *ask, *frame.easy_after)
        for said in _easy_words(line.words, known)
    ]


def _easy_words(words: str, known: Mapping[str, Fact]) -> list[str]:
    alone = PLACEHOLDER.fullmatch(words)
    if alone is None:
        return [fill(words, known)]
    fact = known[alone.group(1)]
    return [
        said for line in ([fact] if isinstance(fact, str) else fact) for said in sentences(line)
    ]


def placeholders(text: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(text))
