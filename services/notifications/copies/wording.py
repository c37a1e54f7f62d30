"""The words of one message to somebody beside the person. They are in English, in no format."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.forms.rules import (
    Around,
    Template,
    copied_text_for,
    fill,
    written_to_other,
)
from services.notifications.on_file.library import library
from services.notifications.people.rules import Audience, Channel
from services.notifications.phrases.rules import Fact
from services.notifications.templates.wording import FactsUnfitError, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Whom it concerns, as they are called."""

    given_name: str  # in a text
    full_name: str  # in an e-mail


def wording_for_other(
    channel: Channel,
    *,
    words: str,
    topic: str,
    name: str,
    person: Concerned,
    facts: Mapping[str, Fact],
    points: Mapping[str, Fact],
) -> Wording | None:
    """Return what somebody beside the person is told by ``channel``, or None if it cannot say it.

    Who acts for a person gets what the person gets, quoted; a text to them only says of whom
    there is news. Subjects and texts hold no fact but the given name of the person in a text.

    Args:
        channel: an e-mail, or a text to whoever acts for the person.
        words: the name of the words on file.
        topic: what it is about.
        name: how whoever is told is called.
        person: whom it concerns.
        facts: those of the topic.
        points: web address and telephone number.

    Raises:
        FactsUnfitError: the words have placeholders for others.
    """
    template, frame = library().others[words], library().frame
    if channel is Channel.SMS:
        text = copied_text_for(
            template, frame=frame, name=name, person=person.given_name, points=points
        )
        return None if text is None else _wording(template, channel, subject=None, body=text)
    if channel is not Channel.EMAIL:
        return None
    known = {**facts, **_quoted(template, topic, facts), "person": person.full_name}
    if not template.facts <= known.keys():
        raise FactsUnfitError(words)
    around = Around(name=name, contact=None, points=points)
    body = written_to_other(template, frame=frame, facts=known, around=around)
    return _wording(template, channel, subject=template.subject, body=body)


def _quoted(template: Template, topic: str, facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """Return what the person is told, for a copy of it."""
    if template.audience is not Audience.REPRESENTATIVE:
        return {}
    theirs = library().templates[topic]
    if theirs.facts != facts.keys():
        raise FactsUnfitError(topic)
    return {"heading": fill(theirs.heading, facts), "told": fill(theirs.body, facts)}


def _wording(template: Template, channel: Channel, *, subject: str | None, body: str) -> Wording:
    return Wording(
        channel=channel,
        language=template.language,
        version=template.version,
        subject=subject,
        body=body,
        direction="ltr",
        accessible_format=None,
    )
