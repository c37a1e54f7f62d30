"""Everything that goes into a calculation, as one value that can be kept and used again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.assessment.amounts.rules import BudgetKind, Calculation, calculate
from services.assessment.explanation.rules import what_would_change
from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.needs.rules import Score
from services.assessment.points.rules import Need
from services.assessment.rule_sets.rules import CaseFacts, RuleSet
from services.assessment.wording.rules import wording_for
from shared.contracts import documents


def need_of(score: Score) -> Need:
    """Return the need that a score says, as it is without the present support."""
    return Need(
        domain=score.domain,
        name=DOMAINS[score.domain],
        typical=score.typical_without_support,
        worst=score.worst_without_support,
        worst_days_per_28=score.worst_days_per_28,
        informal_levels=score.informal_levels,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What an amount is worked out from, beside the rule set, which is kept by its name."""

    needs: Sequence[Need]
    budget_kind: BudgetKind
    facts: CaseFacts
    weekly_contribution_pence: int
    language: str

    def calculation(self, rule_set: RuleSet) -> Calculation:
        return calculate(
            self.needs,
            budget_kind=self.budget_kind,
            rule_set=rule_set,
            facts=self.facts,
            weekly_contribution_pence=self.weekly_contribution_pence,
            wording=wording_for(self.language),
        )

    def what_would_change(self, rule_set: RuleSet) -> list[str]:
        return what_would_change(
            self.needs,
            budget_kind=self.budget_kind,
            rule_set=rule_set,
            facts=self.facts,
            wording=wording_for(self.language),
        )

    def to_keep(self) -> dict[str, Any]:
        """Return the inputs as a document."""
        facts = asdict(self.facts) | {"disputed": sorted(self.facts.disputed)}
        return {
            "needs": [asdict(need) for need in self.needs],
            "budget_kind": self.budget_kind.value,
            "facts": facts,
            "weekly_contribution_pence": self.weekly_contribution_pence,
            "language": self.language,
        }


def kept(document: Mapping[str, Any]) -> Inputs:
    """Return the inputs that a document holds."""
    facts = document["facts"]
    return Inputs(
        needs=[Need(**need) for need in document["needs"]],
        budget_kind=BudgetKind(document["budget_kind"]),
        facts=CaseFacts(**{**facts, "disputed": frozenset(facts["disputed"])}),
        weekly_contribution_pence=document["weekly_contribution_pence"],
        language=document["language"],
    )


def sha256(calculation: Calculation) -> str:
    """Return the digest of a calculation's bytes: the same for ever for the same inputs."""
    return hashlib.sha256(documents.write(asdict(calculation))).hexdigest()
