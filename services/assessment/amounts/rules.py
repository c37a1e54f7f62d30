"""From levels of need to an amount, line by line, in whole pence and without a float.

Every line can be checked with pencil and paper: it says what went in, how it was worked out,
who pays and by which rule. The same need, facts and rule set give the same bytes for ever.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.assessment.amounts.lines import (
    Line,
    band_line,
    contribution_line,
    limit_lines,
    points_line,
    sums,
    yearly_lines,
)
from services.assessment.points.rules import Need, half_up
from services.assessment.rule_sets.rules import (
    BASIS_POINTS,
    COUNCIL,
    JOINT,
    NHS,
    CaseFacts,
    RuleSet,
    split_of_whole,
)
from services.assessment.wording.rules import ENGLISH, Wording
from shared.money import divide


class BudgetKind(enum.StrEnum):
    ONE_OFF_RECOVERY = "one_off_recovery"
    ONGOING = "ongoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """An indicative budget and how it came about."""

    rule_set: str
    budget_kind: BudgetKind
    lines: tuple[Line, ...]
    total_pence: int  # what the funders pay
    gross_pence: int  # with what the person pays themselves
    nhs_pence: int
    council_pence: int
    reserve_pence: int  # the funders' promise for a crisis; no part of the total


def calculate(
    needs: Sequence[Need],
    *,
    budget_kind: BudgetKind,
    rule_set: RuleSet,
    facts: CaseFacts = CaseFacts(),  # noqa: B008 - frozen
    weekly_contribution_pence: int = 0,
    wording: Wording = ENGLISH,
) -> Calculation:
    """Work out an indicative budget.

    Args:
        needs: in the order in which they are read, each domain once.
        budget_kind: a yearly amount, or one amount by bands.
        rule_set: as published.
        facts: what decides who pays.
        weekly_contribution_pence: what the council's financial assessment says the person pays;
            it lowers only the council's part, never below nothing, and counts for nothing in
            aftercare and continuing healthcare.
        wording: the language of the words.
    """
    if budget_kind == BudgetKind.ONE_OFF_RECOVERY:
        return _one_off(needs, rule_set=rule_set, facts=facts, wording=wording)
    lines = [
        line
        for need in needs
        for line in yearly_lines(need, rule_set=rule_set, facts=facts, wording=wording)
    ]
    lines += limit_lines(lines, rule_set=rule_set, facts=facts, wording=wording)
    paid_by = sums(lines)
    weekly_pence = 0 if facts.is_free_of_charge else weekly_contribution_pence
    charge = contribution_line(
        paid_by[COUNCIL], weekly_pence=weekly_pence, rule_set=rule_set, wording=wording
    )
    return _calculation(
        [*lines, *charge],
        budget_kind=budget_kind,
        paid_by=paid_by,
        rule_set=rule_set,
        charged_pence=-sum(line.amount_pence for line in charge),
    )


def _one_off(
    needs: Sequence[Need], *, rule_set: RuleSet, facts: CaseFacts, wording: Wording
) -> Calculation:
    split = split_of_whole(facts=facts, rule_set=rule_set)
    payer = next((one for one, share in split.shares.items() if share == BASIS_POINTS), JOINT)
    lines = [points_line(need, payer, rule_set, wording) for need in needs]
    lines.append(band_line(needs, payer=payer, split=split, rule_set=rule_set, wording=wording))
    parts = divide(amount_pence=lines[-1].amount_pence, weights=split.shares)
    return _calculation(
        lines,
        budget_kind=BudgetKind.ONE_OFF_RECOVERY,
        paid_by={COUNCIL: 0, NHS: 0} | parts,
        rule_set=rule_set,
        charged_pence=0,
    )


def _calculation(
    lines: Sequence[Line],
    *,
    budget_kind: BudgetKind,
    paid_by: Mapping[str, int],
    rule_set: RuleSet,
    charged_pence: int,
) -> Calculation:
    return Calculation(
        rule_set=rule_set.name,
        budget_kind=budget_kind,
        lines=tuple(lines),
        total_pence=sum(paid_by.values()) - charged_pence,
        gross_pence=sum(paid_by.values()),
        nhs_pence=paid_by[NHS],
        council_pence=paid_by[COUNCIL] - charged_pence,
        reserve_pence=sum(
            half_up(amount_pence * rule_set.reserve_basis_points, BASIS_POINTS)
            for amount_pence in paid_by.values()
        ),
    )
