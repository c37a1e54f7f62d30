"""What messages can be asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.notifications.templates.rules import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell a person of an event."""

    event_id: UUID
    person_id: UUID
    topic: str
    facts: Mapping[str, Fact]  # exactly those of the topic's template, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """Say a message that was held. Not from the edge: it is due by the clock."""

    message_id: UUID
