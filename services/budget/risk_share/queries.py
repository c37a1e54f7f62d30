"""What sharing a year's risk would come to, as things stand."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.budget.funders.handlers import partners_of
from services.budget.risk_share import outturn, rules
from services.budget.risk_share.models import parts_of, rule_of


def outlook(asked: Mapping[str, Any], *, session: Session) -> dict[str, Any]:
    """Return who would come to owe whom if the year ended now; it may be asked at any time.

    Raises:
        PoolNotFoundError: there is no such pool.
        RuleMissingError: the partners have signed no rule for this year.
    """
    pool, _ = partners_of(session, asked["pool_id"])
    rule = rule_of(session, pool.pool_id, asked["financial_year"])
    found = outturn.find(session, pool.pool_id, rules.year_of(asked["financial_year"]))
    moves = rules.planned(found, parts=parts_of(session, rule.rule_id))
    return {
        "financial_year": asked["financial_year"],
        "rule_id": rule.rule_id,
        "budgets": len({move.budget_id for move in moves}),
        "dues": [asdict(due) for due in rules.added_up(moves)],
    }
