"""One assessment from two contributions: the domains, and how what both saw is joined."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared.errors import Refusal

HIGHEST_LEVEL = 4  # 0 manages alone … 4 cannot, or serious risk
DAYS = 28

# Domain and what it is called; the order is the order in which a person reads them.
DOMAINS: Mapping[str, str] = {
    "A1": "Eating and drinking",
    "A2": "Washing",
    "A3": "Using the toilet",
    "A4": "Clothing",
    "A5": "Being safe at home",
    "A6": "Looking after the home",
    "A7": "Family and relationships",
    "A8": "Work, learning and volunteering",
    "A9": "Getting about and using the community",
    "A10": "Caring for a child",
    "B1": "Mood and drive",
    "B2": "Worry, stress and feeling safe",
    "B3": "Thinking, memory and perceiving",
    "B4": "Sleep and energy",
    "B5": "Keeping safe and crises",
    "B6": "Organising, decisions, post and money",
    "C1": "Movement and coordination",
    "C2": "Communicating and being understood",
    "C3": "Medicines and managing symptoms",
    "C9": "Another health need",
}


class Contributor(enum.StrEnum):
    """The two sides that must both have contributed."""

    NHS_TRUST = "nhs-trust"
    COUNCIL = "council"


class AssessmentAgreedError(Refusal):
    """Both sides have contributed; what they agreed is not replaced in passing."""

    code = "assessment_agreed"
    next_step: ClassVar[str] = "If something has changed, ask for a review."


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one side saw in one domain. Levels are with and without the present support."""

    domain: str
    typical_without_support: int
    worst_without_support: int
    typical_with_support: int
    worst_with_support: int
    worst_days_per_28: int

    def figures(self) -> tuple[int, ...]:
        return (
            self.typical_without_support,
            self.worst_without_support,
            self.typical_with_support,
            self.worst_with_support,
            self.worst_days_per_28,
        )


def check_open(*, is_agreed: bool) -> None:
    if is_agreed:
        raise AssessmentAgreedError("NHS and council have both contributed already.")


def is_agreed(contributors: Iterable[str]) -> bool:
    """Tell whether both sides have contributed, so that there is one assessment now."""
    return set(Contributor) <= set(contributors)


def merge(scores: Sequence[Score]) -> list[Score]:
    """Join the scores domain by domain, in the order in which a person reads them.

    Where both sides scored a domain, the higher of each figure counts: what one side did not
    see is not lost because the other did not see it either.
    """
    by_domain: dict[str, list[Score]] = {}
    for score in scores:
        by_domain.setdefault(score.domain, []).append(score)
    return [_highest(domain, by_domain[domain]) for domain in DOMAINS if domain in by_domain]


def _highest(domain: str, scores: Sequence[Score]) -> Score:
    typical_without, worst_without, typical_with, worst_with, days = (
        max(seen) for seen in zip(*(score.figures() for score in scores), strict=True)
    )
    return Score(
        domain=domain,
        typical_without_support=typical_without,
        worst_without_support=worst_without,
        typical_with_support=typical_with,
        worst_with_support=worst_with,
        worst_days_per_28=days,
    )
