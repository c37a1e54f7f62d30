"""A dry look at what is left over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.budget.agreements.models import known_budget
from services.budget.surplus import standing as ledger
from services.budget.surplus.commands import FindSurplus
from services.budget.surplus.rules import (
    FunderStanding,
    Line,
    repayable_surplus_pence,
    surplus_line,
    total_pence,
)


def find_surplus(question: FindSurplus, *, session: Session) -> dict[str, Any]:
    """Return what of a budget is left over, funder by funder, and how that was worked out.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    known_budget(session, question.budget_id)
    standings = ledger.standings(session, question.budget_id, terms=question.terms, on=question.on)
    ending = ledger.ending_of(session, question.budget_id, on=question.on)
    lines = [surplus_line(standing) for standing in standings.values()]
    return {
        "budget_id": question.budget_id,
        "has_ended": ending is not None,
        "total_pence": total_pence(lines),
        "funders": _told(list(standings.values()), lines),
    }


def _told(standings: Sequence[FunderStanding], lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "funder_id": standing.funder_id,
            "funder_kind": standing.funder_kind,
            "available_pence": standing.available_pence,
            "unallocated_pence": standing.unallocated_pence,
            "held_pence": standing.held_pence,
            "overspent_pence": standing.overspent_pence,
            "committed_pence": standing.kept.committed_pence,
            "contingency_pence": standing.kept.contingency_pence,
            "allowance_pence": standing.kept.allowance_pence,
            "surplus_pence": repayable_surplus_pence(standing),
            "to_funder_pence": line.own_pence,
            "to_person_pence": line.to_person_pence,
            "charge_lowered_pence": line.charge_lowered_pence,
            "not_come_in_pence": repayable_surplus_pence(standing) - line.pence,
        }
        for standing, line in zip(standings, lines, strict=True)
    ]
