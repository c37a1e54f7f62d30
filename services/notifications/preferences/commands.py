"""What can be asked about preferences."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.notifications.people.rules import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """Write down all that a person chose; it replaces what they chose before."""

    person_id: UUID
    channels: Sequence[Channel]  # in order; the others are not used
    declined_topics: Sequence[str]
    language: str | None  # none: as assessment says
    accessible_format: str | None  # none: as assessment says
    opens: int | None  # hours of every day, London time; none: the usual ones
    closes: int | None
    is_safe_to_text: bool  # the number they have now
    set_by: UUID
    reason: str
    copied: Sequence[UUID] = ()  # who acts for them without a legal power, and hears too
    replaces_version: int | None = None  # nought: none was chosen yet; none: whichever there is


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesAsked:
    person_id: UUID
