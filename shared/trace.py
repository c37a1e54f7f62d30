"""Why, for whom and when a piece of work is done."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID, uuid4

from shared.clock import day_in_london

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The story a piece of work belongs to, the message that caused it, and its time."""

    correlation_id: UUID  # the whole story, from the first request on
    causation_id: UUID  # the one command or event that led to this work
    actor: str  # organisation/role that acts, never a name
    at: datetime  # the suite's time at which the work began: aware, UTC
    traceparent: str = ""  # the span it is done in; whatever is none becomes the cause's

    @classmethod
    def of_new_story(cls, *, actor: str, at: datetime) -> Self:
        """Return the trace of work that no command or event of ours led to."""
        id_ = uuid4()
        return cls(correlation_id=id_, causation_id=id_, actor=actor, at=at)

    def __post_init__(self) -> None:
        if not _TRACEPARENT.fullmatch(self.traceparent):
            made = traceparent_of(self.correlation_id, self.causation_id)
            object.__setattr__(self, "traceparent", made)

    @property
    def organisation(self) -> str:
        """The organisation for which whoever acts does so."""
        return self.actor.partition("/")[0]

    @property
    def today(self) -> date:
        """The day in London on which the work began."""
        return day_in_london(self.at)


def traceparent_of(correlation_id: UUID, message_id: UUID) -> str:
    """Return the traceparent, after W3C Trace Context, of a message that no collector has.

    Its trace bears the story's id: whoever has a correlation id can find what is recorded.
    """
    return f"00-{correlation_id.hex}-{message_id.hex[16:]}-00"
