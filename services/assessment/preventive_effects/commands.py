"""What can be said of what present support prevents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPreventiveEffect:
    """Somebody explains why less is right although present support may be what works."""

    statement_id: UUID  # chosen by the caller, so that a repeat counts once
    referral_id: UUID
    domains: Sequence[str]  # whose lower levels it explains; none: why the same levels are less
    what_support_prevents: str
    what_if_it_ended: str
    why_less_is_right: str
    written_by_id: UUID
    written_by_role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPreventiveEffectShown:
    """The person has seen the statement, and says something to it."""

    statement_id: UUID
    shown_by_id: UUID
    shown_by_role: str
    shown_on: date
    person_words: str
    interpreter: str | None
