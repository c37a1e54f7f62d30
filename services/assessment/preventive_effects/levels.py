"""Which levels are in force: the agreed ones, less only what was explained and shown.

It is worked out from what was ever seen, in the order in which it was seen, so that no order of
arrival changes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.assessment.needs.rules import (
    FIGURES,
    Score,
    Seen,
    in_reading_order,
    is_agreed,
    merge,
    no_lower,
)
from shared.contracts.organisations import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The levels that count, and what is held up."""

    scores: list[Score]
    held: Mapping[str, UUID]  # a domain that was seen lower, and the contribution that said so


def in_force(seen: Iterable[Seen], *, released: Iterable[tuple[UUID, str]]) -> InForce:
    """Return the levels that count.

    Args:
        seen: every contribution there ever was.
        released: contributions and domains whose lower levels were explained and shown.
    """
    explained = set(released)
    latest: dict[Side, Seen] = {}
    standing: dict[str, Score] = {}
    held: dict[str, UUID] = {}
    for one in sorted(seen, key=lambda contribution: contribution.order):
        latest[one.side] = one
        if not is_agreed(latest):
            continue
        asked = {
            score.domain: score
            for score in merge(score for side in latest.values() for score in side.scores)
        }
        for domain in sorted({*standing, *asked}, key=in_reading_order):
            before, now = standing.get(domain), asked.get(domain) or _no_need(domain)
            counts = now if before is None else no_lower(before, now)
            since = held.pop(domain, one.contribution_id)
            if counts != now and (since, domain) in explained:
                counts = now
            if counts != now:
                held[domain] = since
            standing[domain] = counts
    scores = [standing[domain] for domain in sorted(standing, key=in_reading_order)]
    return InForce(scores=scores, held=held)


def _no_need(domain: str) -> Score:
    """Return the score of a domain in which nobody sees a need any more."""
    return Score(domain=domain, **dict.fromkeys(FIGURES, 0))
