"""What can be asked of the joint assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.assessment.needs.rules import OnsetSpeed, Score, SupportSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How it is on a typical day and on the worst ones; 0 manages alone, 4 cannot."""

    typical: int
    worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliably:
    """Whether the person does it so that it counts as able, without the present support."""

    safely: bool
    repeatedly: bool
    in_reasonable_time: bool
    without_distress: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentSupport:
    """Help that is there now."""

    source: SupportSource
    hours_a_week: int
    is_willing_to_continue: bool | None  # said by whoever gives it; None: not asked
    levels_met: int  # whole levels it takes off; only willing informal help may say any


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSeen:
    """What one side saw in one domain, and what the person says of it."""

    domain: str
    without_present_support: Levels
    with_present_support: Levels
    worst_days_per_28: int
    look_back_months: int
    onset_speed: OnsetSpeed | None
    is_hidden: bool  # others do not see it
    unseen_by_others: str | None  # what it is that they do not see
    reliably: Reliably | None  # None: not asked
    present_support: Sequence[PresentSupport]
    person_words: str
    worker_words: str | None
    strengths: str | None
    wants: str | None
    evidence: Sequence[str]

    @property
    def score(self) -> Score:
        return Score(
            domain=self.domain,
            typical_without_support=self.without_present_support.typical,
            worst_without_support=self.without_present_support.worst,
            typical_with_support=self.with_present_support.typical,
            worst_with_support=self.with_present_support.worst,
            worst_days_per_28=self.worst_days_per_28,
            informal_levels=max((help_.levels_met for help_ in self.present_support), default=0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribute:
    """One side adds what it saw to the joint assessment."""

    contribution_id: UUID  # chosen by the sender, so that a repeat counts once
    referral_id: UUID
    organisation: str  # on one of the two sides
    author_role: str
    questionnaire: str
    as_of: datetime  # when the person was seen; of each side the latest counts
    in_the_room: Sequence[str]  # roles: person, carer, interpreter, social_worker, …
    domains: Sequence[DomainSeen]
    whole_life: Mapping[str, str | None] | None  # faith, diet, a good day: never scored
