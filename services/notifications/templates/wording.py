"""The words of one message as one channel says them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.people.rules import Channel
from services.notifications.templates.library import library
from services.notifications.templates.rules import Fact, fill, text_for, written_for


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
) -> Wording | None:
    """Return what is said on ``topic`` by ``channel``, or None if that channel cannot say it.

    A topic that is only said in writing has no text, and a text that becomes too long with
    the person's name in it is not cut.

    Args:
        channel: how it travels.
        topic: what it is about.
        language: the one that the person wants.
        accessible_format: the one that the person needs, if any.
        name: how the person is called: the given name in a text, the whole one in writing.
        facts: exactly those of the topic's template, in words.
        contact: name and role of somebody whom the person can ask.
        around: web address and telephone number.

    Raises:
        FactsUnfitError: other facts than the words have placeholders for.
    """
    frame, template = library().frame, library().templates[topic]
    if template.facts != facts.keys():
        raise FactsUnfitError(topic)
    if channel is Channel.SMS:
        text = text_for(template, frame=frame, name=name, around=around)
        subject = None
    else:
        text = written_for(
            template, frame=frame, name=name, facts=facts, contact=contact, around=around
        )
        is_letter = channel is Channel.LETTER
        subject = fill(template.heading, facts) if is_letter else template.subject
    if text is None:
        return None
    return Wording(
        channel=channel,
        language=template.language,
        version=template.version,
        subject=subject,
        body=text,
    )
