"""What can be asked of the joint assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.assessment.needs.rules import Contributor, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How it is on a typical day and on the worst ones; 0 manages alone, 4 cannot."""

    typical: int
    worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSeen:
    """What one side saw in one domain, and what the person says of it."""

    domain: str
    without_present_support: Levels
    with_present_support: Levels
    worst_days_per_28: int
    is_hidden: bool  # others do not see it
    person_words: str
    strengths: str | None

    @property
    def score(self) -> Score:
        return Score(
            domain=self.domain,
            typical_without_support=self.without_present_support.typical,
            worst_without_support=self.without_present_support.worst,
            typical_with_support=self.with_present_support.typical,
            worst_with_support=self.with_present_support.worst,
            worst_days_per_28=self.worst_days_per_28,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribute:
    """One side adds what it saw to the joint assessment."""

    contribution_id: UUID  # chosen by the sender, so that a repeat counts once
    referral_id: UUID
    organisation: Contributor
    author_role: str
    domains: Sequence[DomainSeen]
    whole_life: Mapping[str, str | None] | None  # faith, diet, a good day: never scored
