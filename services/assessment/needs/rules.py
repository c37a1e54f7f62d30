"""One assessment from two contributions: what counts, where it came from, what is refused."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.organisations import Side
from shared.errors import Refusal

HIGHEST_LEVEL = 4  # 0 manages alone … 4 cannot, or serious risk
DAYS = 28
USUAL_LOOK_BACK_MONTHS = 12  # over which the worst days are counted
OTHER_HEALTH_NEED = "C9"

# Rising raises the need; what somebody close goes on doing lowers it.
_HIGHER_COUNTS = (
    "typical_without_support",
    "worst_without_support",
    "typical_with_support",
    "worst_with_support",
    "worst_days_per_28",
)
_LOWER_COUNTS = ("informal_levels",)
FIGURES = (*_HIGHER_COUNTS, *_LOWER_COUNTS)


class SupportSource(enum.StrEnum):
    """Where present support comes from. Only informal help may lower what is counted."""

    INFORMAL = "informal"
    PAID = "paid"
    SERVICE = "service"


class OnsetSpeed(enum.StrEnum):
    """How fast it gets as bad as on the worst days."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


class UnknownQuestionnaireError(Refusal):
    """Nobody published a questionnaire of this name."""

    code = "unknown_questionnaire"
    next_step: ClassVar[str] = "Name the questionnaire that was used, as the query lists it."


class QuestionnaireNotActiveError(Refusal):
    """The questionnaire was not in use on that day."""

    code = "questionnaire_not_active"
    next_step: ClassVar[str] = "Use the questionnaire that was active when the person was seen."


class UnknownDomainError(Refusal):
    """The questionnaire does not ask about this domain."""

    code = "unknown_domain"
    next_step: ClassVar[str] = "Use the domains of the questionnaire."


class SeenInFutureError(Refusal):
    """Nobody can have been seen on a day to come."""

    code = "as_of_in_future"
    next_step: ClassVar[str] = "Give the time at which the person was seen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A published questionnaire: data, so that a new one needs no new code."""

    name: str
    active_from: date
    domains: Mapping[str, str]  # what each is called
    levels: Sequence[str]  # what each level means, from 0
    reliably: Sequence[str]  # the tests of "able": Care and Support (Eligibility) Regs 2015/313
    whole_life: Sequence[str]  # asked about and never scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one side saw in one domain. Levels are with and without the present support."""

    domain: str
    typical_without_support: int
    worst_without_support: int
    typical_with_support: int
    worst_with_support: int
    worst_days_per_28: int
    informal_levels: int = 0  # whole levels that somebody close said they go on taking off

    def figures(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in FIGURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One contribution's scores, and by what it is put in order: never by its arrival."""

    contribution_id: UUID
    side: Side
    as_of: datetime
    scores: Sequence[Score]

    @property
    def order(self) -> tuple[datetime, str]:
        return self.as_of, str(self.contribution_id)


def check_questionnaire(
    questionnaire: Questionnaire | None, *, domains: Iterable[str], as_of_day: date
) -> None:
    """See that a contribution answers a questionnaire that was in use.

    Raises:
        UnknownQuestionnaireError, QuestionnaireNotActiveError, UnknownDomainError: it does not.
    """
    if questionnaire is None:
        raise UnknownQuestionnaireError("Nobody knows this questionnaire.", field="questionnaire")
    if as_of_day < questionnaire.active_from:
        raise QuestionnaireNotActiveError(
            "This questionnaire was not in use then.", field="questionnaire"
        )
    unknown = sorted(set(domains) - set(questionnaire.domains))
    if unknown:
        raise UnknownDomainError(
            f"This questionnaire does not ask about {', '.join(unknown)}.", field="domains"
        )


def check_as_of(as_of: datetime, *, at: datetime) -> None:
    if as_of > at:
        raise SeenInFutureError("This time is still to come.", field="as_of")


def is_agreed(contributed: Iterable[Side]) -> bool:
    """Tell whether both sides have contributed, so that there is one assessment now."""
    return set(Side) <= set(contributed)


def in_reading_order(domain: str) -> tuple[str, int]:
    """Return by what domains are put in order: A2 before A10, A before B."""
    return domain[:1], int(domain[1:])


def counting(contributions: Iterable[Seen]) -> list[Seen]:
    """Return the contributions that count: of each side the one that was seen last."""
    latest: dict[Side, Seen] = {}
    for one in sorted(contributions, key=lambda seen: seen.order):
        latest[one.side] = one
    return [latest[side] for side in sorted(latest)]


def merge(scores: Iterable[Score]) -> list[Score]:
    """Join the scores domain by domain, in the order in which a person reads them.

    Where both sides scored a domain, the higher of each figure counts: what one side did not
    see is not lost because the other did not see it either. Help from somebody close counts
    as far as every side that looked heard that it goes on.
    """
    by_domain: dict[str, list[Score]] = {}
    for score in scores:
        by_domain.setdefault(score.domain, []).append(score)
    return [
        _joined(domain, by_domain[domain]) for domain in sorted(by_domain, key=in_reading_order)
    ]


def came_from(merged: Score, seen: Mapping[str, Score]) -> dict[str, list[str]]:
    """Return who said each figure that counts, by figure.

    Args:
        merged: what counts.
        seen: what each side saw in the same domain.
    """
    return {
        figure: sorted(side for side, score in seen.items() if score.figures()[figure] == counts)
        for figure, counts in merged.figures().items()
    }


def is_chc_checklist_suggested(scores: Iterable[Score]) -> bool:
    """Tell whether another health need is so high that continuing healthcare should be checked.

    Local reading of the checklist's purpose, to be confirmed: level 4 without support.
    """
    return any(
        score.domain == OTHER_HEALTH_NEED and score.worst_without_support == HIGHEST_LEVEL
        for score in scores
    )


def no_lower(standing: Score, asked: Score) -> Score:
    """Return ``asked``, with no figure that lowers the need below what stands."""
    figures = {
        name: max(standing.figures()[name], asked.figures()[name]) for name in _HIGHER_COUNTS
    }
    helped = {name: min(standing.figures()[name], asked.figures()[name]) for name in _LOWER_COUNTS}
    return Score(domain=standing.domain, **figures, **helped)


def _joined(domain: str, scores: Sequence[Score]) -> Score:
    first, *others = scores
    joined = Score(**{**asdict(first), "domain": domain})
    for other in others:
        joined = no_lower(joined, other)
    return joined
