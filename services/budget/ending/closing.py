"""The figures with which a budget is closed, or handed over to another area."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.accounts.rules import SPENT_IN_ALL, AccountKind
from services.budget.funders.rules import FunderKind
from services.budget.surplus import standing
from services.budget.surplus.standing import Figures
from shared.contracts.budget.budgets import FunderAtEnd


def funders_at_end(session: Session, budget_id: UUID) -> list[FunderAtEnd]:
    """Return how each organisation's book for a budget stands now."""
    return [
        _at_end(funder_id, figures)
        for funder_id, kind, figures in standing.books(session, budget_id)
        if kind is not FunderKind.PERSON
    ]


def _at_end(funder_id: UUID, figures: Figures) -> FunderAtEnd:
    def pence(*kinds: AccountKind) -> int:
        return sum(figures.get(kind.value, 0) for kind in kinds)

    return FunderAtEnd(
        funder_id=funder_id,
        paid_in_pence=-pence(AccountKind.PAID_IN, AccountKind.RELEASED_IN),
        promised_pence=-pence(AccountKind.PROMISED),
        spent_pence=pence(*SPENT_IN_ALL),
        held_pence=figures["held"],
        left_pence=pence(AccountKind.AVAILABLE, AccountKind.UNALLOCATED) - figures["held"],
        overspent_pence=-pence(AccountKind.OVERSPENT),
        due_to_pence=pence(AccountKind.DUE_TO),
        due_from_pence=-pence(AccountKind.DUE_FROM),
        person_owes_pence=-pence(AccountKind.CHARGE_DUE),
    )
