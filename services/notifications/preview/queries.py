"""What is said on a topic, with how long and how hard to read it is. Nothing is sent."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.notifications.copies.wording import Concerned, wording_for_other
from services.notifications.forms.rules import ENGLISH
from services.notifications.on_file.library import Library, library, shipped
from services.notifications.people.rules import Audience, Channel
from services.notifications.phrases.rules import Fact
from services.notifications.preview.schemas import PreviewAsked
from services.notifications.reading.rules import hard_to_read, not_easy, smog, telling_words
from services.notifications.reading.syllables import syllables
from services.notifications.settings import around
from services.notifications.templates.wording import EASY_READ, Wording, wording_for
from services.notifications.texts.rules import fragments
from services.notifications.topics.table import TOPICS, Topic
from shared.errors import Refusal

NAME = "Alex Sample"  # invented, as is whom to ask
GIVEN_NAME = "Alex"
CONTACT = ("Jo Abu", "care coordinator")
OTHERS_NAME = "Robin Example"
PERSON = "person"  # the fact that no event brings


class NoSuchTopicError(Refusal):
    """Nothing is ever said on this topic."""

    code = "no_such_topic"
    next_step = "Ask for a topic that is in the table of what is said when."


class NoSuchFactError(Refusal):
    """The words of this topic have no place for a fact that was given."""

    code = "no_such_fact"
    next_step = "Leave out the facts that the details name."


def preview(asked: PreviewAsked, *, session: Session | None = None) -> dict[str, Any]:
    """Return what somebody would read, and what a reader of the words should look at.

    ``text`` is null where a channel cannot say it: a topic that is only written has no text.
    ``reading_level`` is SMOG, about the years of school; null where there is none: of a text, of
    fewer than three sentences, and of other languages.

    Raises:
        NoSuchTopicError: there are no words on this topic.
        NoSuchFactError: its words have no place for one of the facts.
    """
    topic = TOPICS.get(asked.topic)
    if topic is None or asked.audience not in topic.audiences:
        raise NoSuchTopicError("There are no words on this topic.", topic=asked.topic)
    known = _facts_of(topic, asked.audience)
    unknown = sorted(asked.facts.keys() - known)
    if unknown:
        raise NoSuchFactError("These words have no place for it.", facts=", ".join(unknown))
    facts = {name: f"[{name}]" for name in known} | dict(asked.facts)
    if asked.audience is Audience.HOLDER:
        wording = _to_person(asked, facts)
    else:
        wording = wording_for_other(
            asked.channel,
            words=topic.words_for(asked.audience),
            topic=topic.name,
            name=OTHERS_NAME,
            person=Concerned(given_name=GIVEN_NAME, full_name=NAME),
            facts=facts,
            points=around(),
        )
    if wording is None:
        unsayable = "this channel cannot say it in this language and format"
        return {**_asked_for(asked), "text": None, "findings": [unsayable]}
    return {"topic": asked.topic, **_shown(wording), **_measured(wording, asked=asked)}


def _facts_of(topic: Topic, audience: Audience) -> frozenset[str]:
    """Return the facts that an event of a topic brings with it."""
    if Audience.HOLDER in topic.audiences:
        return library().templates[topic.name].facts
    return library().others[topic.words_for(audience)].facts - {PERSON}


def _to_person(asked: PreviewAsked, facts: Mapping[str, Fact]) -> Wording | None:
    return wording_for(
        asked.channel,
        topic=asked.topic,
        language=asked.language,
        accessible_format=asked.accessible_format,
        name=GIVEN_NAME if asked.channel is Channel.SMS else NAME,
        facts=facts,
        contact=CONTACT,
        around=around(),
        are_drafts_allowed=True if asked.is_draft_shown else None,
    )


def _asked_for(asked: PreviewAsked) -> dict[str, Any]:
    return {"topic": asked.topic, "channel": asked.channel, "language": asked.language}


def _shown(wording: Wording) -> dict[str, Any]:
    return {
        "channel": wording.channel,
        "language": wording.language,
        "direction": wording.direction,
        "explained_in": wording.explained_in,
        "format": wording.accessible_format,
        "version": wording.version,
        "subject": wording.subject,
        "text": wording.body,
        "pictures": list(wording.pictures),
    }


def _measured(wording: Wording, *, asked: PreviewAsked) -> dict[str, Any]:
    is_text = wording.channel is Channel.SMS
    is_english = wording.language == ENGLISH
    level = smog(wording.body, syllables=syllables) if is_english and not is_text else None
    return {
        "is_checked": _is_checked(wording, asked),
        "fragments": fragments(wording.body) if is_text else None,
        "reading_level": None if level is None else round(level, 1),
        "findings": list(_findings(wording, asked=asked)),
    }


def _is_checked(wording: Wording, asked: PreviewAsked) -> bool:
    is_other = asked.audience is not Audience.HOLDER  # in English, which is our own
    return is_other or shipped()[wording.language].is_checked(asked.topic)


def _findings(wording: Wording, *, asked: PreviewAsked) -> Iterator[str]:
    """Return what somebody should look at: facts can make hard what is easy on file."""
    words = shipped()[wording.language]
    is_english = wording.language == ENGLISH
    if not _is_checked(wording, asked):
        yield "no speaker of this language has checked these words"
    seen = _sms(words, asked) if wording.channel is Channel.SMS else wording.subject
    if wording.channel is not Channel.LETTER:
        for word in telling_words(seen or "", also=words.frame.telling):
            yield f"gives away: {word}"
    if wording.accessible_format == EASY_READ:
        for line in wording.body.split("\n\n"):
            yield from not_easy(line, is_english=is_english)
    elif wording.channel is not Channel.SMS:
        yield from hard_to_read(wording.body, syllables=syllables if is_english else None)


def _sms(words: Library, asked: PreviewAsked) -> str | None:
    if asked.audience is Audience.HOLDER:
        return words.templates[asked.topic].sms
    return words.others[TOPICS[asked.topic].words_for(asked.audience)].sms
