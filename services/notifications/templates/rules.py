"""How words are filled in, how long a text is, and what words must not give away."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Fact = str | Sequence[str]

PLACEHOLDER = re.compile(r"\(\((\w+)\)\)")
FRAGMENTS_AT_MOST = 2  # texts
LONGEST_USUAL_NAME = "Ż" * 20  # outside GSM-7, so that the whole text is counted at 70 and 67
LONGEST_WEB_ADDRESS = "w" * 32  # settings allow no longer ones of these two
LONGEST_PHONE = "0" * 13

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")

# What a text on a shared phone, or the subject of an e-mail, must not tell.
_TELLING = re.compile(
    r"£|\d|\b(pence|pounds?|nhs|trust|council|bank|shop|card|ccg|icb"
    r"|health|mental|ill(ness)?|sick|crisis|emergency|risk|safeguarding"
    r"|care|carers?|coordinator|nurse|doctor|gp|hospital|clinic(al)?|patient"
    r"|condition|diagnosis|disab(led|ility)|therap(y|ist)|counselling|medic(al|ine|ation)"
    r"|treatment|assessment|needs?|benefits?|support)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What is said on one topic, in one language, at one version of the words."""

    topic: str
    language: str
    version: int
    facts: frozenset[str]  # the only placeholders its heading and body may have
    sms: str | None  # none: this is never said in a text
    subject: str  # of an e-mail: seen on a locked phone
    heading: str  # of a letter: seen by who opens it
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the words of every topic."""

    sms: str
    written: str
    ask_somebody: str
    ask_anybody: str


FRAME_FACTS: Mapping[str, frozenset[str]] = {
    "sms": frozenset({"name", "words", "web_address", "phone"}),
    "written": frozenset({"name", "words", "ask", "web_address", "phone"}),
    "ask_somebody": frozenset({"contact_name", "contact_role", "phone"}),
    "ask_anybody": frozenset({"phone"}),
}


def fill(text: str, facts: Mapping[str, Fact]) -> str:
    """Put the facts in, in one go: what a fact itself holds is never taken for a placeholder.

    A list becomes lines that begin with a star. Nothing is escaped, since these are words and
    no markup.
    """

    def shown(match: re.Match[str]) -> str:
        fact = facts[match.group(1)]
        return fact if isinstance(fact, str) else "\n".join(f"* {line}" for line in fact)

    return PLACEHOLDER.sub(shown, text)


def text_for(
    template: Template, *, frame: Frame, name: str, around: Mapping[str, Fact]
) -> str | None:
    """Return the text message, or None if this is not said in texts or the name is too long."""
    if template.sms is None:
        return None
    text = fill(frame.sms, {**around, "name": name, "words": template.sms})
    return text if fragments(text) <= FRAGMENTS_AT_MOST else None


def written_for(
    template: Template,
    *,
    frame: Frame,
    name: str,
    facts: Mapping[str, Fact],
    contact: tuple[str, str] | None,
    around: Mapping[str, Fact],
) -> str:
    """Return the body of an e-mail or a letter.

    Args:
        template: the words of the topic.
        frame: the words around them.
        name: how the person is called.
        facts: what the words of the topic speak of.
        contact: name and role of somebody whom the person can ask.
        around: web address and telephone number.
    """
    if contact is None:
        ask = fill(frame.ask_anybody, around)
    else:
        ask = fill(
            frame.ask_somebody, {**around, "contact_name": contact[0], "contact_role": contact[1]}
        )
    words = fill(template.body, facts)
    return fill(frame.written, {**around, "name": name, "words": words, "ask": ask})


def placeholders(text: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(text))


def fragments(text: str) -> int:
    """Count the text messages that ``text`` is sent and paid as.

    GSM-7 holds 160 characters alone and 153 in each of several, some count twice; one
    character outside it makes all of it UCS-2, with 70 and 67 UTF-16 units.
    """
    if is_gsm(text):
        length = len(text) + sum(character in _GSM_TWICE for character in text)
        alone, joined = 160, 153
    else:
        length = len(text.encode("utf-16-be", errors="surrogatepass")) // 2
        alone, joined = 70, 67
    return 1 if length <= alone else -(-length // joined)


def is_gsm(text: str) -> bool:
    return (_GSM | _GSM_TWICE).issuperset(text)


def telling_words(text: str) -> list[str]:
    """Return what in ``text`` gives away amounts, who pays, or somebody's health."""
    return [match.group() for match in _TELLING.finditer(text)]


def faults_of(template: Template, *, frame: Frame) -> list[str]:
    """Return what is wrong with the words of a topic, for whoever wrote them."""
    return [
        *_unknown_placeholders("subject", template.subject, allowed=frozenset()),
        *_unknown_placeholders("heading", template.heading, allowed=template.facts),
        *_unknown_placeholders("body", template.body, allowed=template.facts),
        *_telling("subject", template.subject),
        *_unused_facts(template),
        *_faults_of_sms(template.sms, frame=frame),
    ]


def faults_of_frame(frame: Frame) -> list[str]:
    """Return what is wrong with the words around every topic."""
    return [
        fault
        for part, allowed in FRAME_FACTS.items()
        for fault in _unknown_placeholders(part, getattr(frame, part), allowed=allowed)
    ] + [f"sms does not begin with the name: {frame.sms}"] * (not frame.sms.startswith("((name))"))


def _faults_of_sms(sms: str | None, *, frame: Frame) -> Iterator[str]:
    if sms is None:
        return
    yield from _unknown_placeholders("sms", sms, allowed=frozenset())
    yield from _telling("sms", sms)
    whole = {"words": sms, "web_address": LONGEST_WEB_ADDRESS, "phone": LONGEST_PHONE}
    if not is_gsm(fill(frame.sms, {**whole, "name": ""})):
        yield "sms has characters that phones cannot show in a plain text"
    if fragments(fill(frame.sms, {**whole, "name": LONGEST_USUAL_NAME})) > FRAGMENTS_AT_MOST:
        yield "sms is too long"


def _unknown_placeholders(part: str, text: str, *, allowed: frozenset[str]) -> Iterator[str]:
    for name in sorted(placeholders(text) - allowed):
        yield f"{part} has the placeholder {name}, which is not allowed there"
    rest = PLACEHOLDER.sub("", text)
    if "((" in rest or "))" in rest:
        yield f"{part} has a broken placeholder"


def _telling(part: str, text: str) -> Iterator[str]:
    for word in telling_words(text):
        yield f"{part} gives away: {word}"


def _unused_facts(template: Template) -> Iterator[str]:
    for name in sorted(template.facts - placeholders(template.heading + template.body)):
        yield f"the fact {name} is never said"
