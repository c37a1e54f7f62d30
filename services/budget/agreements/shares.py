"""What the shares of a budget come to in pence, as they are agreed and used now."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.agreements import rules
from services.budget.agreements.models import (
    Agreement,
    AgreementShare,
    AgreementState,
    Budget,
    BudgetItem,
    FinancialAssessment,
    is_in_force,
)
from services.budget.agreements.rules import CapExceededError, Funding
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind


def needed_pence(session: Session, budget_id: UUID) -> dict[UUID, int]:
    """Return what each funder has to pay in for a budget as its shares are agreed now, in pence."""
    shares = session.execute(
        select(AgreementShare, Agreement.ends_on)
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .where(Agreement.budget_id == budget_id)
        .where(Agreement.state != AgreementState.SUPERSEDED)
    )
    needed: dict[UUID, int] = {}
    for share, ends_on in shares:
        pence = share.agreed_pence if ends_on is None else share.spent_pence
        needed[share.funder_id] = needed.get(share.funder_id, 0) + pence
    return needed


def persons_charge(session: Session, budget: Budget) -> tuple[UUID | None, int]:
    """Return the council that charges the person, and what they pay towards its part, in pence.

    A person has one council that assesses them: of several that pay, the one with the largest part
    that may be charged for.
    """
    assessment = session.get(FinancialAssessment, budget.budget_id)
    if assessment is None:
        return None, 0
    chargeable_pence = func.sum(AgreementShare.agreed_pence)
    charging = session.execute(
        select(AgreementShare.funder_id, chargeable_pence)
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .join(Funder, Funder.funder_id == AgreementShare.funder_id)
        .where(Agreement.budget_id == budget.budget_id, is_in_force())
        .where(Funder.kind == FunderKind.COUNCIL)
        .where(AgreementShare.legal_basis.in_(rules.CHARGEABLE_BASES))
        .group_by(AgreementShare.funder_id)
        .order_by(chargeable_pence.desc(), AgreementShare.funder_id)
        .limit(1)
    ).first()
    if charging is None:
        return None, 0
    council_id, pence = charging
    return council_id, rules.person_contribution_pence(
        weekly_contribution_pence=assessment.weekly_contribution_pence,
        weeks=assessment.weeks,
        free_weeks=assessment.free_weeks,
        chargeable_pence=int(pence),
    )


def left_to_agree(session: Session, budget_id: UUID, purpose: str) -> int:
    """Return what the plan costs for a purpose, less what was used under ended agreements."""
    planned = session.scalar(
        select(func.sum(BudgetItem.unit_cost_pence * BudgetItem.occurrences))
        .join(Budget, Budget.budget_id == BudgetItem.budget_id)
        .where(BudgetItem.budget_id == budget_id)
        .where(BudgetItem.payer == purpose, BudgetItem.plan_version == Budget.plan_version)
    )
    used = session.scalar(
        select(func.sum(AgreementShare.spent_pence))
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .where(Agreement.budget_id == budget_id, Agreement.purpose == purpose)
        .where(Agreement.state != AgreementState.SUPERSEDED)
    )
    return max(0, int(planned or 0) - int(used or 0))


def are_to_be_reapportioned(session: Session, budget_id: UUID, purpose: str) -> bool:
    """Say whether anything was used under disputed shares that were decided otherwise."""
    used = (
        select(func.sum(AgreementShare.spent_pence))
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .where(Agreement.budget_id == budget_id, Agreement.purpose == purpose)
        .where(Agreement.state == AgreementState.SUPERSEDED)
    )
    return bool(session.scalar(used))


def needed_purposes(session: Session, budget: Budget) -> set[str]:
    """Return the purposes that the plan has items for, and that nobody agreed to pay."""
    payers = session.scalars(
        select(BudgetItem.payer)
        .where(BudgetItem.budget_id == budget.budget_id)
        .where(BudgetItem.plan_version == budget.plan_version)
    )
    agreed = session.scalars(
        select(Agreement.purpose).where(Agreement.budget_id == budget.budget_id)
    )
    return set(payers) - set(agreed)


def agree_anew(session: Session, budget_id: UUID) -> None:
    """Divide what the plan costs now between those whose shares are in force.

    Where their caps do not let them pay for it, their parts stay what they were: what goes beyond
    is refused when it is to be bought.
    """
    in_force = select(Agreement).where(Agreement.budget_id == budget_id, is_in_force())
    for agreement in session.scalars(in_force).all():
        with suppress(CapExceededError):
            _agree_anew(agreement, session=session)


def _agree_anew(agreement: Agreement, *, session: Session) -> None:
    shares = session.scalars(
        select(AgreementShare).where(AgreementShare.agreement_id == agreement.agreement_id)
    ).all()
    fundings = [
        Funding(
            funder_id=share.funder_id,
            weight=share.numerator,
            priority=share.priority,
            cap_pence=share.cap_pence,
        )
        for share in shares
    ]
    used_pence = sum(share.spent_pence for share in shares)
    agreed = rules.agreed_parts(
        total_pence=left_to_agree(session, agreement.budget_id, agreement.purpose) + used_pence,
        fundings=fundings,
        tie=agreement.agreement_id.int,
    )
    for share in shares:
        share.agreed_pence = agreed[share.funder_id]
