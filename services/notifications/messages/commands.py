"""What messages can be asked to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.notifications.phrases.rules import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell a person of an event, and who else is to hear of it."""

    event_id: UUID
    person_id: UUID
    topic: str
    facts: Mapping[str, Fact]  # exactly those of the topic's template, in words
    decider_role: str | None = None  # in the care team, of who decides
    named_ids: Sequence[UUID] = ()  # organisations that pay, or a colleague whom the event names


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """Say a message that was held. Not from the edge: it is due by the clock."""

    message_id: UUID


class AboutPerson(Protocol):
    """An event that says whom it is about."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID: ...


def about(event: AboutPerson, topic: str, **facts: Fact) -> Tell:
    """Return the command to tell a person of ``event``."""
    return Tell(event_id=event.event_id, person_id=event.person_id, topic=topic, facts=facts)
