"""A reserve as it stands: what was promised, called and used of it, funder by funder."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.allocations import streams
from services.budget.crisis_reserve import rules
from services.budget.crisis_reserve.models import (
    Crisis,
    CrisisPart,
    CrisisReserve,
    CrisisReservePart,
    CrisisReturn,
)
from services.budget.crisis_reserve.rules import Returned
from services.budget.funding.models import Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledPart:
    """What one funder was called for in a crisis, and what of it goes back, or would now."""

    funder_id: UUID
    amount_pence: int
    contribution: Contribution
    returned: Returned


def of_budget(session: Session, budget_id: UUID) -> CrisisReserve | None:
    return session.scalars(
        select(CrisisReserve).where(CrisisReserve.budget_id == budget_id)
    ).one_or_none()


def active(session: Session, reserve_id: UUID) -> Crisis | None:
    """Return the crisis for which a reserve is usable now."""
    return session.scalars(
        select(Crisis).where(Crisis.reserve_id == reserve_id, Crisis.stood_down_at.is_(None))
    ).one_or_none()


def promised(session: Session, reserve_id: UUID) -> dict[UUID, int]:
    """Return what each funder promised."""
    parts = select(CrisisReservePart).where(CrisisReservePart.reserve_id == reserve_id)
    in_order = parts.order_by(CrisisReservePart.funder_id)
    return {part.funder_id: part.amount_pence for part in session.scalars(in_order)}


def standing(session: Session, reserve_id: UUID) -> dict[UUID, int]:
    """Return what stands of each funder's promise: less what was called, with what came back."""
    stands = promised(session, reserve_id)
    of_reserve = select(Crisis.crisis_id).where(Crisis.reserve_id == reserve_id)
    called = (
        select(CrisisPart.funder_id, -func.sum(CrisisPart.amount_pence))
        .where(CrisisPart.crisis_id.in_(of_reserve))
        .group_by(CrisisPart.funder_id)
    )
    came_back = (
        select(
            CrisisReturn.funder_id,
            func.sum(CrisisReturn.unpromised_pence + CrisisReturn.repaid_pence),
        )
        .where(CrisisReturn.crisis_id.in_(of_reserve))
        .group_by(CrisisReturn.funder_id)
    )
    for steps in (called, came_back):
        for funder_id, pence in session.execute(steps):
            stands[funder_id] += int(pence)
    return stands


def called_parts(session: Session, crisis: Crisis, budget_id: UUID) -> Sequence[CalledPart]:
    """Return the parts of a crisis; of one that goes on, as if it were stood down now."""
    rows = session.execute(
        select(CrisisPart, Contribution, CrisisReturn)
        .join(Contribution, Contribution.contribution_id == CrisisPart.contribution_id)
        .outerjoin(
            CrisisReturn,
            (CrisisReturn.crisis_id == CrisisPart.crisis_id)
            & (CrisisReturn.funder_id == CrisisPart.funder_id),
        )
        .where(CrisisPart.crisis_id == crisis.crisis_id)
        .order_by(CrisisPart.funder_id)
        .execution_options(populate_existing=True)
    ).all()
    standings = streams.standings(session, [budget_id], with_crisis=True)
    return [
        CalledPart(
            funder_id=part.funder_id,
            amount_pence=part.amount_pence,
            contribution=contribution,
            returned=_returned(
                part, contribution, kept, free_pence=standings[budget_id, part.funder_id].free_pence
            ),
        )
        for part, contribution, kept in rows
    ]


def _returned(
    part: CrisisPart, contribution: Contribution, kept: CrisisReturn | None, *, free_pence: int
) -> Returned:
    if kept is None:
        return rules.returned(
            part.funder_id,
            activated_pence=part.amount_pence,
            free_pence=free_pence,
            not_paid_in_pence=contribution.amount_pence - contribution.received_pence,
        )
    return Returned(
        funder_id=kept.funder_id,
        unpromised_pence=kept.unpromised_pence,
        repaid_pence=kept.repaid_pence,
    )
