"""What would change an amount: said beside the lines, so that nobody has to guess."""

from collections.abc import Iterator, Sequence

from services.assessment.amounts.rules import BudgetKind
from services.assessment.needs.rules import HIGHEST_LEVEL
from services.assessment.points.rules import (
    DAYS,
    Need,
    band_for,
    need_pence,
    points,
    points_in_28ths,
)
from services.assessment.rule_sets.rules import CaseFacts, RuleSet
from services.assessment.wording.rules import ENGLISH, Wording
from shared.money import pounds


def what_would_change(
    needs: Sequence[Need],
    *,
    budget_kind: BudgetKind,
    rule_set: RuleSet,
    facts: CaseFacts = CaseFacts(),  # noqa: B008 - frozen
    wording: Wording = ENGLISH,
) -> list[str]:
    """Say what would raise the amount, need by need, and what would not lower it."""
    if budget_kind == BudgetKind.ONE_OFF_RECOVERY:
        return [*_next_band(needs, rule_set=rule_set, wording=wording), *wording.general]
    raised = [
        sentence
        for need in needs
        for sentence in _raises(need, rule_set=rule_set, facts=facts, wording=wording)
    ]
    return [*raised, *wording.general]


def _next_band(needs: Sequence[Need], *, rule_set: RuleSet, wording: Wording) -> Iterator[str]:
    in_28ths = points_in_28ths(needs, rule_set)
    band = band_for(in_28ths, rule_set.bands)
    if band.up_to_28ths is not None:
        beyond = band.up_to_28ths + 1
        amount = pounds(band_for(beyond, rule_set.bands).amount_pence)
        yield wording.next_band.format(points=points(beyond - in_28ths), amount=amount)


def _raises(need: Need, *, rule_set: RuleSet, facts: CaseFacts, wording: Wording) -> Iterator[str]:
    """Say what one level more and one more of the worst days would add, if anything."""
    now_pence = need_pence(need, rule_set=rule_set, facts=facts)
    for raised, words in (
        (_one_level_more(need), wording.level_more),
        (_one_day_more(need), wording.day_more),
    ):
        more_pence = need_pence(raised, rule_set=rule_set, facts=facts) - now_pence
        if more_pence > 0:
            yield words.format(name=need.name, amount=pounds(more_pence))


def _one_level_more(need: Need) -> Need:
    typical = min(need.typical + 1, HIGHEST_LEVEL)
    return _changed(need, typical=typical, worst=max(need.worst, typical))


def _one_day_more(need: Need) -> Need:
    return _changed(need, days=min(need.worst_days_per_28 + 1, DAYS))


def _changed(
    need: Need, *, typical: int | None = None, worst: int | None = None, days: int | None = None
) -> Need:
    return Need(
        domain=need.domain,
        name=need.name,
        typical=need.typical if typical is None else typical,
        worst=need.worst if worst is None else worst,
        worst_days_per_28=need.worst_days_per_28 if days is None else days,
        informal_levels=need.informal_levels,
    )
