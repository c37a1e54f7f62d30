"""How many indicative amounts one process works out in a second, each of 18 domains with its lines.

What is timed is the pure calculation with all its words, for yearly budgets of one funder,
of both, and with a dispute, so that no line is worked out twice in the same way. A second is one
of the process's own processor time, and the best of several rounds counts: what else the machine
does meanwhile says nothing of the calculation.
"""

import time
from collections.abc import Mapping

from services.assessment.amounts.rules import BudgetKind, calculate
from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.points.rules import Need
from services.assessment.rule_sets.rules import CaseFacts
from services.assessment.rule_sets.shipped import shipped

NUMBER_OF_DOMAINS = 18
ROUNDS = 5
OF_A_ROUND = 2_000
FACTS = (
    CaseFacts(),
    CaseFacts(basis="section_117"),
    CaseFacts(disputed=frozenset({"A9", "B1"})),
)


def figures() -> Mapping[str, float]:
    """Return calculations a second."""
    return {"assessment.indicative_per_s": max(_per_second() for _ in range(ROUNDS))}


def _per_second() -> float:
    rule_set = shipped()["illustrative-2026-1"].rule_set
    people = [_needs(number) for number in range(OF_A_ROUND)]
    began_at = time.process_time()
    for number, needs in enumerate(people):
        calculate(
            needs,
            budget_kind=BudgetKind.ONGOING,
            rule_set=rule_set,
            facts=FACTS[number % len(FACTS)],
            weekly_contribution_pence=10_00,
        )
    return OF_A_ROUND / (time.process_time() - began_at)


def _needs(number: int) -> list[Need]:
    """Return the needs of somebody, other ones for each number."""
    return [
        Need(
            domain=domain,
            name=name,
            typical=(number + position) % 4,
            worst=(number + position) % 4 + 1,
            worst_days_per_28=(number * 7 + position) % 29,
        )
        for position, (domain, name) in enumerate(list(DOMAINS.items())[:NUMBER_OF_DOMAINS])
    ]
