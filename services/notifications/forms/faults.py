"""What is wrong with words on file, for whoever wrote them. Nothing starts until it is mended."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from services.notifications.forms.rules import (
    ENGLISH,
    PLACEHOLDER,
    EasyLine,
    Frame,
    Template,
    copied_text_for,
    help_for,
    placeholders,
    text_for,
)
from services.notifications.people.rules import Audience
from services.notifications.reading.rules import hard_to_read, not_easy, telling_words
from services.notifications.reading.syllables import syllables
from services.notifications.texts.rules import FRAGMENTS_AT_MOST, fragments, is_gsm

LONGEST_USUAL_NAME = "Ż" * 20  # outside GSM-7, so that the whole text is counted at 70 and 67
LONGEST_WEB_ADDRESS = "w" * 32  # settings allow no longer ones of these two
LONGEST_PHONE = "0" * 13
LONGEST_POINTS = {"web_address": LONGEST_WEB_ADDRESS, "phone": LONGEST_PHONE}

_POINTS = frozenset({"web_address", "phone"})
FRAME_FACTS: Mapping[str, frozenset[str]] = {
    "sms": _POINTS | {"name", "words"},
    "sms_explained": _POINTS | {"name", "words", "explain"},
    "help": _POINTS,
    "written": _POINTS | {"name", "words", "ask"},
    "ask_somebody": frozenset({"contact_name", "contact_role", "phone"}),
    "ask_anybody": frozenset({"phone"}),
    "partly_english": frozenset({"phone"}),
    "no_explanation": frozenset({"phone"}),
    "unprintable": frozenset({"phone", "language"}),
    "sms_copy": _POINTS | {"name", "person", "words"},
    "written_copy": _POINTS | {"name", "words"},
    "written_staff": _POINTS | {"name", "words"},
}
_EASY_FACTS = _POINTS | {"name", "contact_name", "contact_role"}


def faults_of(template: Template, *, frame: Frame, pictures: Collection[str]) -> list[str]:
    """Return what is wrong with the words of a topic."""
    count = syllables if template.language == ENGLISH else None
    return [
        *_unknown_placeholders("subject", template.subject, allowed=frozenset()),
        *_unknown_placeholders("heading", template.heading, allowed=template.facts),
        *_unknown_placeholders("body", template.body, allowed=template.facts),
        *_telling("subject", template.subject, frame=frame),
        *_unused_facts(template),
        *(f"body {fault}" for fault in hard_to_read(template.body, syllables=count)),
        *_faults_of_sms(template, frame=frame),
        *_faults_of_easy(
            template.easy,
            allowed=template.facts,
            pictures=pictures,
            is_english=template.language == ENGLISH,
        ),
    ]


def faults_of_other(template: Template, *, frame: Frame) -> list[str]:
    """Return what is wrong with words for somebody beside the person: they are English alone."""
    found = [
        *_unknown_placeholders("subject", template.subject, allowed=frozenset()),
        *_unknown_placeholders("body", template.body, allowed=template.facts),
        *_telling("subject", template.subject, frame=frame),
        *_unused_facts(template),
        *(f"body {fault}" for fault in hard_to_read(template.body, syllables=syllables)),
    ]
    if template.language != ENGLISH:
        found.append("words for others than the person are in English alone")
    if template.audience is Audience.FUNDER:
        if "person" in template.facts or "reference" not in template.facts:
            found.append("an organisation is told the budget's number, and not whose it is")
    elif "person" not in template.facts:
        found.append("whom it concerns is never said")
    if (template.audience is Audience.REPRESENTATIVE) == (template.sms is None):
        found.append("a text is for representatives, and for no other")
    if template.sms is not None:
        found += [
            *_unknown_placeholders("sms", template.sms, allowed=frozenset()),
            *_telling("sms", template.sms, frame=frame),
        ]
        longest = copied_text_for(
            template,
            frame=frame,
            name=LONGEST_USUAL_NAME,
            person=LONGEST_USUAL_NAME,
            points=LONGEST_POINTS,
        )
        if longest is None:
            found.append(f"sms is too long: more than {FRAGMENTS_AT_MOST} fragments")
    return found


def faults_of_frame(frame: Frame, *, language: str, pictures: Collection[str]) -> list[str]:
    """Return what is wrong with the words around every topic."""
    is_english = language == ENGLISH
    easy = (*frame.easy_before, *frame.easy_somebody, *frame.easy_anybody, *frame.easy_after)
    found = [
        fault
        for part, allowed in FRAME_FACTS.items()
        for fault in _unknown_placeholders(part, getattr(frame, part), allowed=allowed)
    ]
    found += _faults_of_easy(easy, allowed=_EASY_FACTS, pictures=pictures, is_english=is_english)
    for part in ("sms", "sms_explained", "sms_copy") if is_english else ("sms",):
        text = getattr(frame, part)
        if not text.startswith("((name))"):
            found.append(f"{part} does not begin with the name: {text}")
        found += [f"{part} does not say {one}" for one in sorted(_POINTS - placeholders(text))]
        found += _telling(part, PLACEHOLDER.sub("", text), frame=frame)
    for part in ("written_copy", "written_staff") if is_english else ():
        if not {"name", "words", "phone"} <= placeholders(getattr(frame, part)):
            found.append(f"{part} does not say the name, the words and the phone")
    found += _faults_of_help(frame, language=language)
    if is_english == bool(frame.partly_english):
        found.append("partly_english is for the words of every language but English")
    return found


def _faults_of_help(frame: Frame, *, language: str) -> Iterator[str]:
    for wanted in ("STOP", "((web_address))", "((phone))"):
        if wanted not in frame.help:
            yield f"help does not say {wanted}"
    yield from _telling("help", PLACEHOLDER.sub("", frame.help), frame=frame)
    if not placeholders(frame.help) <= _POINTS:
        return  # said already, with every other part of the frame
    if fragments(help_for(frame, language=language, points=LONGEST_POINTS)) > FRAGMENTS_AT_MOST:
        yield f"help is too long: more than {FRAGMENTS_AT_MOST} fragments"


def faults_of_translation(template: Template, *, english: Template | None) -> list[str]:
    """Return in what a translation differs from the English words, beside the language."""
    if english is None:
        return ["there are no English words for it"]
    found = []
    if template.facts != english.facts:
        found.append("other facts than the English words")
    if (template.sms is None) != (english.sms is None):
        found.append("a text where the English words have none, or none where they have one")
    return found


def _faults_of_sms(template: Template, *, frame: Frame) -> Iterator[str]:
    sms = template.sms
    if sms is None:
        return
    yield from _unknown_placeholders("sms", sms, allowed=frozenset())
    yield from _telling("sms", sms, frame=frame)
    if template.language == ENGLISH and not is_gsm(sms + PLACEHOLDER.sub("", frame.sms)):
        yield "sms has characters that phones cannot show in a plain text"
    longest = text_for(
        template,
        frame=frame,
        name=LONGEST_USUAL_NAME,
        points=LONGEST_POINTS,
    )
    if longest is None:
        yield f"sms is too long: more than {FRAGMENTS_AT_MOST} fragments with a long name"


def _faults_of_easy(
    lines: Sequence[EasyLine],
    *,
    allowed: frozenset[str],
    pictures: Collection[str],
    is_english: bool,
) -> Iterator[str]:
    for line in lines:
        yield from _unknown_placeholders("easy", line.words, allowed=allowed)
        if line.picture not in pictures:
            yield f"easy has the picture {line.picture}, which is not there"
        for fault in not_easy(line.words, is_english=is_english):
            yield f"easy has {fault}"


def _unknown_placeholders(part: str, text: str, *, allowed: frozenset[str]) -> Iterator[str]:
    for name in sorted(placeholders(text) - allowed):
        yield f"{part} has the placeholder {name}, which is not allowed there"
    rest = PLACEHOLDER.sub("", text)
    if "((" in rest or "))" in rest:
        yield f"{part} has a broken placeholder"


def _telling(part: str, text: str, *, frame: Frame) -> Iterator[str]:
    for word in telling_words(text, also=frame.telling):
        yield f"{part} gives away: {word}"


def _unused_facts(template: Template) -> Iterator[str]:
    for name in sorted(template.facts - placeholders(template.heading + template.body)):
        yield f"the fact {name} is never said"
    easy = "".join(line.words for line in template.easy)
    for name in sorted(template.facts - placeholders(easy)) if template.easy else ():
        yield f"the fact {name} is never said in Easy Read"
