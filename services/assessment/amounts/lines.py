"""The lines of a calculation: each says what went in, how it was worked out, and who pays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from services.assessment.points.rules import (
    DAYS,
    DIVIDED,
    Need,
    band_for,
    by_default_pence,
    half_up,
    points,
    points_in_28ths,
)
from services.assessment.rule_sets.rules import (
    BASIS_POINTS,
    COUNCIL,
    FUNDERS,
    NHS,
    CaseFacts,
    RuleSet,
    Split,
    split_of,
    split_of_whole,
)
from services.assessment.wording.rules import Wording
from shared.money import divide, pounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the calculation. The amounts of the lines add up to the total."""

    domain: str | None  # None: a line about the whole budget
    words: str
    inputs: Mapping[str, int]
    formula: str
    amount_pence: int
    payer: str
    split_rule: str | None  # by which the payer pays this; None: the line is not of a need


def yearly_lines(
    need: Need, *, rule_set: RuleSet, facts: CaseFacts, wording: Wording
) -> Iterator[Line]:
    """Return a line for each funder who pays for this need, each rounded on its own.

    Where it was or is disputed who pays, the amount stays what it is without a dispute and is
    divided: the person's amount must not depend on who pays it.
    """
    split = split_of(need.domain, facts=facts, rule_set=rule_set)
    described = _described(need, wording)
    weight = rule_set.weights[need.domain]
    inputs = _inputs(need, weight)
    if split.rule in DIVIDED:
        yield from _divided_lines(
            need, split, described=described, inputs=inputs, rule_set=rule_set, wording=wording
        )
        return
    weighted = need.in_28ths * weight
    formula = f"{_points_formula(need)} x {weight} x "
    rule = split.rule.value
    for funder, share in _shares(split):
        rate_pence = rule_set.rates_pence[funder]
        amount_pence = half_up(weighted * rate_pence * share, DAYS * BASIS_POINTS)
        is_all = share == BASIS_POINTS
        in_words, shown = _percent(share), pounds(amount_pence)
        words = wording.pays_all if is_all else wording.pays_share
        by_share = "" if is_all else f" x {in_words}"
        yield Line(
            domain=need.domain,
            words=described
            + words.format(funder=wording.funders[funder], share=in_words, amount=shown),
            inputs={**inputs, "rate_pence": rate_pence, "share_basis_points": share},
            formula=f"{formula}{_rate(rate_pence)}{by_share} = {shown}",
            amount_pence=amount_pence,
            payer=funder,
            split_rule=rule,
        )


def _divided_lines(
    need: Need,
    split: Split,
    *,
    described: str,
    inputs: Mapping[str, int],
    rule_set: RuleSet,
    wording: Wording,
) -> Iterator[Line]:
    whole_pence = by_default_pence(need, rule_set)
    parts = divide(amount_pence=whole_pence, weights=split.shares)
    for funder, share in _shares(split):
        amount_pence = parts[funder]
        words = wording.is_divided.format(
            funder=wording.funders[funder],
            share=_percent(share),
            whole=pounds(whole_pence),
            amount=pounds(amount_pence),
        )
        yield Line(
            domain=need.domain,
            words=described + words,
            inputs={**inputs, "whole_pence": whole_pence, "share_basis_points": share},
            formula=f"{pounds(whole_pence)} x {_percent(share)} = {pounds(amount_pence)}",
            amount_pence=amount_pence,
            payer=funder,
            split_rule=split.rule.value,
        )


def limit_lines(
    lines: Sequence[Line], *, rule_set: RuleSet, facts: CaseFacts, wording: Wording
) -> list[Line]:
    """Return a line for each funder that brings the sum to a floor or down to a ceiling."""
    paid_by = sums(lines)
    whole_pence = sum(paid_by.values())
    floor_pence, ceiling_pence = rule_set.floor_pence, rule_set.ceiling_pence
    if floor_pence is not None and whole_pence < floor_pence:
        limit_pence, sign, words = floor_pence, 1, wording.floor
    elif ceiling_pence is not None and whole_pence > ceiling_pence:
        limit_pence, sign, words = ceiling_pence, -1, wording.ceiling
    else:
        return []
    weights = paid_by if whole_pence else split_of_whole(facts=facts, rule_set=rule_set).shares
    parts = divide(amount_pence=abs(limit_pence - whole_pence), weights=weights)
    return [
        Line(
            domain=None,
            words=words.format(
                limit=pounds(limit_pence), funder=wording.funders[funder], amount=pounds(part)
            ),
            inputs={"sum_pence": whole_pence, "limit_pence": limit_pence},
            formula=f"{pounds(limit_pence)} - {pounds(whole_pence)},"
            f" its part = {pounds(sign * part)}",
            amount_pence=sign * part,
            payer=funder,
            split_rule=None,
        )
        for funder, part in parts.items()
        if part
    ]


def contribution_line(
    council_pence: int, *, weekly_pence: int, rule_set: RuleSet, wording: Wording
) -> list[Line]:
    if weekly_pence == 0:
        return []
    weeks = rule_set.contribution_weeks
    charged_pence = min(council_pence, weekly_pence * weeks)
    return [
        Line(
            domain=None,
            words=wording.contribution.format(
                weekly=pounds(weekly_pence), amount=pounds(charged_pence)
            ),
            inputs={
                "weekly_pence": weekly_pence,
                "weeks": weeks,
                "council_pence": council_pence,
            },
            formula=f"-{pounds(weekly_pence)} x {weeks}, at most {pounds(council_pence)}"
            f" = {pounds(-charged_pence)}",
            amount_pence=-charged_pence,
            payer=COUNCIL,
            split_rule=None,
        )
    ]


def points_line(need: Need, payer: str, rule_set: RuleSet, wording: Wording) -> Line:
    """Return a line that shows the points of a need and has no amount of its own."""
    weight = rule_set.weights[need.domain]
    shown = points(need.in_28ths * weight)
    return Line(
        domain=need.domain,
        words=_described(need, wording) + wording.is_points.format(points=shown),
        inputs=_inputs(need, weight),
        formula=f"{_points_formula(need)} x {weight} = {shown}",
        amount_pence=0,
        payer=payer,
        split_rule=None,
    )


def band_line(
    needs: Sequence[Need], *, payer: str, split: Split, rule_set: RuleSet, wording: Wording
) -> Line:
    in_28ths = points_in_28ths(needs, rule_set)
    band = band_for(in_28ths, rule_set.bands)
    shown, amount = points(in_28ths), pounds(band.amount_pence)
    return Line(
        domain=None,
        words=wording.band.format(points=shown, words=band.words, amount=amount),
        inputs={"points_in_28ths": in_28ths, **_share_inputs(split)},
        formula=f"{shown} points: {band.words} = {amount}",
        amount_pence=band.amount_pence,
        payer=payer,
        split_rule=split.rule.value,
    )


def _share_inputs(split: Split) -> dict[str, int]:
    return {f"{funder}_basis_points": share for funder, share in _shares(split)}


def _shares(split: Split) -> list[tuple[str, int]]:
    """Return who pays something and how much of it, always in the same order."""
    shares = split.shares
    return [(funder, shares[funder]) for funder in FUNDERS if shares.get(funder)]


def sums(lines: Sequence[Line]) -> dict[str, int]:
    paid_by = {COUNCIL: 0, NHS: 0}
    for line in lines:
        paid_by[line.payer] += line.amount_pence
    return paid_by


def _inputs(need: Need, weight: int) -> dict[str, int]:
    return {
        "typical": need.typical,
        "worst": need.worst,
        "worst_days_per_28": need.worst_days_per_28,
        "informal_levels": need.informal_levels,
        "points_in_28ths": need.in_28ths,
        "weight": weight,
    }


def _points_formula(need: Need) -> str:
    other_days, days = DAYS - need.worst_days_per_28, need.worst_days_per_28
    typical = max(0, need.typical - need.informal_levels)
    worst = max(0, need.worst - need.informal_levels)
    return f"({typical} x {other_days} + {worst} x {days}) / {DAYS}"


def _described(need: Need, wording: Wording) -> str:
    number = need.worst_days_per_28
    said = wording.need.format(
        name=need.name,
        typical=need.typical,
        worst=need.worst,
        number=number,
        days=wording.day if number == 1 else wording.days,
    )
    if need.informal_levels == 0:
        return said
    return said + wording.helped.format(levels=need.informal_levels)


@cache
def _rate(rate_pence: int) -> str:
    """Return a rate as it is read; there are few, and each stands on many lines."""
    return pounds(rate_pence)


@cache
def _percent(basis_points: int) -> str:
    whole, odd = divmod(basis_points, 100)
    return f"{whole}%" if odd == 0 else f"{whole}.{odd:02}%"
