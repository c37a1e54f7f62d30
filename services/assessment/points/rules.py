"""What one need comes to: its points, in 28ths, and pence, without a float."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.assessment.rule_sets.rules import (
    BASIS_POINTS,
    Band,
    CaseFacts,
    RuleSet,
    SplitRule,
    default_split_of,
    split_of,
)

DAYS = 28


DIVIDED = frozenset({SplitRule.DISPUTED, SplitRule.SETTLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Agreed need in one domain, without the present support, so that help is no penalty."""

    domain: str
    name: str
    typical: int
    worst: int
    worst_days_per_28: int
    informal_levels: int = 0  # whole levels that somebody close said they go on taking off

    @property
    def in_28ths(self) -> int:
        """Points of need, in 28ths: each of 28 days at its level, less what a carer goes on doing.

        Paid help and services take nothing off.
        """
        typical = max(0, self.typical - self.informal_levels)
        worst = max(0, self.worst - self.informal_levels)
        return typical * (DAYS - self.worst_days_per_28) + worst * self.worst_days_per_28


def half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers, neither negative, and round half a penny up."""
    return (2 * numerator + denominator) // (2 * denominator)


def points(in_28ths: int) -> str:
    """Return 28ths as points with two decimals: ``2.57``."""
    hundredths = half_up(in_28ths * 100, DAYS)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def need_pence(need: Need, *, rule_set: RuleSet, facts: CaseFacts) -> int:
    """Return what one need comes to in a year, whoever pays it."""
    split = split_of(need.domain, facts=facts, rule_set=rule_set)
    if split.rule in DIVIDED:
        return by_default_pence(need, rule_set)
    return sum(
        _amount_pence(need, funder, share, rule_set) for funder, share in split.shares.items()
    )


def _amount_pence(need: Need, funder: str, share_basis_points: int, rule_set: RuleSet) -> int:
    weighted = need.in_28ths * rule_set.weights[need.domain] * rule_set.rates_pence[funder]
    return half_up(weighted * share_basis_points, DAYS * BASIS_POINTS)


def by_default_pence(need: Need, rule_set: RuleSet) -> int:
    shares = default_split_of(need.domain, rule_set=rule_set).shares
    return sum(_amount_pence(need, funder, share, rule_set) for funder, share in shares.items())


def points_in_28ths(needs: Sequence[Need], rule_set: RuleSet) -> int:
    """Return all points of need together, each domain at its weight."""
    return sum(need.in_28ths * rule_set.weights[need.domain] for need in needs)


def band_for(in_28ths: int, bands: Sequence[Band]) -> Band:
    """Return the band that holds so many points."""
    return next(band for band in bands if band.up_to_28ths is None or in_28ths <= band.up_to_28ths)
