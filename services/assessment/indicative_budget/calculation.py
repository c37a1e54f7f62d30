"""From levels of need to an amount, line by line, in whole pence and without a float.

Every line can be checked with pencil and paper: it says what went in, how it was worked out
and who pays. The same need and rule set give the same bytes for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.assessment.indicative_budget.rules import (
    COUNCIL,
    JOINT,
    NHS,
    Band,
    BudgetKind,
    RuleSet,
)
from shared.money import divide, pounds

DAYS = 28
BASIS_POINTS = 10_000
_FUNDERS = {COUNCIL: "The council", NHS: "The NHS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Agreed need in one domain, without the present support, so that help is no penalty."""

    domain: str
    name: str
    typical: int
    worst: int
    worst_days_per_28: int

    @property
    def in_28ths(self) -> int:
        """Points of need, in 28ths: each of 28 days at its level."""
        return self.typical * (DAYS - self.worst_days_per_28) + self.worst * self.worst_days_per_28


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the calculation. The amounts of the lines add up to the total."""

    domain: str | None  # None: a line about the whole budget
    words: str
    inputs: Mapping[str, int]
    formula: str
    amount_pence: int
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """An indicative budget and how it came about."""

    rule_set: str
    budget_kind: BudgetKind
    lines: tuple[Line, ...]
    total_pence: int
    nhs_pence: int
    council_pence: int
    reserve_pence: int  # the funders' promise for a crisis; no part of the total


def calculate(needs: Sequence[Need], *, budget_kind: BudgetKind, rule_set: RuleSet) -> Calculation:
    """Work out an indicative budget. ``needs`` come in the order in which they are read."""
    if budget_kind == BudgetKind.ONGOING:
        lines = [line for need in needs for line in _yearly_lines(need, rule_set)]
    else:
        lines = [*(_points_line(need, rule_set) for need in needs), _band_line(needs, rule_set)]
    paid_by = _paid_by(lines, rule_set)
    reserve_pence = sum(
        half_up(amount_pence * rule_set.reserve_basis_points, BASIS_POINTS)
        for amount_pence in paid_by.values()
    )
    return Calculation(
        rule_set=rule_set.name,
        budget_kind=budget_kind,
        lines=tuple(lines),
        total_pence=sum(line.amount_pence for line in lines),
        nhs_pence=paid_by[NHS],
        council_pence=paid_by[COUNCIL],
        reserve_pence=reserve_pence,
    )


def half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers, neither negative, and round half a penny up."""
    return (2 * numerator + denominator) // (2 * denominator)


def points(in_28ths: int) -> str:
    """Return 28ths as points with two decimals: ``2.57``."""
    hundredths = half_up(in_28ths * 100, DAYS)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _yearly_lines(need: Need, rule_set: RuleSet) -> list[Line]:
    """Return a line for each funder who pays for this need, each rounded on its own."""
    payer = rule_set.payers[need.domain]
    shares = rule_set.joint_shares_basis_points if payer == JOINT else {payer: BASIS_POINTS}
    return [_yearly_line(need, funder, share, rule_set) for funder, share in shares.items()]


def _yearly_line(need: Need, funder: str, share_basis_points: int, rule_set: RuleSet) -> Line:
    rate_pence, weight = rule_set.rates_pence[funder], rule_set.weights[need.domain]
    amount_pence = half_up(
        need.in_28ths * weight * rate_pence * share_basis_points, DAYS * BASIS_POINTS
    )
    share = "" if share_basis_points == BASIS_POINTS else f" x {_percent(share_basis_points)}"
    part = "pays" if not share else f"pays its {_percent(share_basis_points)} of it,"
    return Line(
        domain=need.domain,
        words=f"{_described(need)} {_FUNDERS[funder]} {part} {pounds(amount_pence)} a year.",
        inputs=_inputs(need, weight)
        | {"rate_pence": rate_pence, "share_basis_points": share_basis_points},
        formula=f"{_points_formula(need)} x {weight} x {pounds(rate_pence)}{share}"
        f" = {pounds(amount_pence)}",
        amount_pence=amount_pence,
        payer=funder,
    )


def _points_line(need: Need, rule_set: RuleSet) -> Line:
    """Return a line that shows the points of a need and has no amount of its own."""
    weight = rule_set.weights[need.domain]
    shown = points(need.in_28ths * weight)
    return Line(
        domain=need.domain,
        words=f"{_described(need)} That is {shown} points.",
        inputs=_inputs(need, weight),
        formula=f"{_points_formula(need)} x {weight} = {shown}",
        amount_pence=0,
        payer=JOINT,
    )


def _band_line(needs: Sequence[Need], rule_set: RuleSet) -> Line:
    in_28ths = sum(need.in_28ths * rule_set.weights[need.domain] for need in needs)
    band = _band_for(in_28ths, rule_set.bands)
    return Line(
        domain=None,
        words=f"Together that is {points(in_28ths)} points. For {band.words} the one-off budget"
        f" is {pounds(band.amount_pence)}.",
        inputs={"points_in_28ths": in_28ths},
        formula=f"{points(in_28ths)} points: {band.words} = {pounds(band.amount_pence)}",
        amount_pence=band.amount_pence,
        payer=JOINT,
    )


def _band_for(in_28ths: int, bands: Sequence[Band]) -> Band:
    return next(band for band in bands if band.up_to_28ths is None or in_28ths <= band.up_to_28ths)


def _paid_by(lines: Sequence[Line], rule_set: RuleSet) -> dict[str, int]:
    """Return what each funder pays; what is joint is divided by the agreed shares."""
    alone = {
        funder: sum(line.amount_pence for line in lines if line.payer == funder)
        for funder in (COUNCIL, NHS)
    }
    joint_pence = sum(line.amount_pence for line in lines if line.payer == JOINT)
    parts = divide(amount_pence=joint_pence, weights=rule_set.joint_shares_basis_points)
    return {funder: alone[funder] + parts[funder] for funder in alone}


def _inputs(need: Need, weight: int) -> dict[str, int]:
    return {
        "typical": need.typical,
        "worst": need.worst,
        "worst_days_per_28": need.worst_days_per_28,
        "points_in_28ths": need.in_28ths,
        "weight": weight,
    }


def _points_formula(need: Need) -> str:
    other_days = DAYS - need.worst_days_per_28
    return f"({need.typical} x {other_days} + {need.worst} x {need.worst_days_per_28}) / {DAYS}"


def _described(need: Need) -> str:
    days = "day" if need.worst_days_per_28 == 1 else "days"
    return (
        f"{need.name}: level {need.typical} on a typical day, level {need.worst} on the worst"
        f" ({need.worst_days_per_28} {days} in {DAYS})."
    )


def _percent(basis_points: int) -> str:
    whole, odd = divmod(basis_points, 100)
    return f"{whole}%" if odd == 0 else f"{whole}.{odd:02}%"
