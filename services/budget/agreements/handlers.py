"""Fixing who pays which part of a budget."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts.rules import FunderId
from services.budget.agreements.commands import RecordAgreement, ReportFinancialAssessment
from services.budget.agreements.models import (
    Agreement,
    Budget,
    BudgetItem,
    BudgetState,
    FinancialAssessment,
    FunderShare,
)
from services.budget.agreements.rules import (
    AgreedParts,
    AgreementExistsError,
    PlannedItem,
    agreed_parts,
    person_contribution_pence,
)
from shared.errors import IdReusedError, NotKnownYetError
from shared.trace import Trace


def report_financial_assessment(
    command: ReportFinancialAssessment, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Keep the council's financial assessment until the shares are agreed.

    It may come before the plan's approval.

    Raises:
        AgreementExistsError: contributions were called without it, or with another one.
    """
    budget = session.get(Budget, command.budget_id, with_for_update=True)
    if budget is not None and budget.state is not BudgetState.PLANNED:
        raise AgreementExistsError("The contributions to this budget have been called for.")
    assessment = FinancialAssessment(
        budget_id=command.budget_id,
        weekly_contribution_pence=command.weekly_contribution_pence,
        weeks=command.weeks,
    )
    session.merge(assessment)
    return {"budget_id": command.budget_id}


def agree(command: RecordAgreement, *, session: Session) -> tuple[Budget, dict[FunderId, int]]:
    """Fix the shares and return what each funder, and the person, has to pay in, in pence.

    Raises:
        NotKnownYetError: the plan's approval has not arrived here.
        AgreementExistsError: the shares were agreed before.
        IdReusedError: ``agreement_id`` is that of another budget's agreement.
        SharesNotWholeError: they do not add up.
    """
    budget = session.get(Budget, command.budget_id, with_for_update=True)
    if budget is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    if budget.state is not BudgetState.PLANNED:
        raise AgreementExistsError("The shares of this budget are agreed.")
    if session.get(Agreement, command.agreement_id) is not None:
        raise IdReusedError("Another budget's agreement has this id.")
    parts = agreed_parts(
        items=_planned_items(session, budget.budget_id),
        shares_basis_points=command.shares_basis_points,
    )
    session.add(
        Agreement(
            agreement_id=command.agreement_id,
            budget_id=budget.budget_id,
            nhs_basis_points=command.shares_basis_points["nhs"],
            council_basis_points=command.shares_basis_points["council"],
        )
    )
    _save_shares(session, budget.budget_id, parts)
    budget.state = BudgetState.CALLED
    return budget, _what_to_call(session, budget, parts)


def _planned_items(session: Session, budget_id: UUID) -> list[PlannedItem]:
    items = session.scalars(select(BudgetItem).where(BudgetItem.budget_id == budget_id))
    return [
        PlannedItem(payer=item.payer, total_pence=item.unit_cost_pence * item.occurrences)
        for item in items
    ]


def _save_shares(session: Session, budget_id: UUID, parts: AgreedParts) -> None:
    for funder_id, agreed_pence in parts.total_pence.items():
        session.add(
            FunderShare(
                budget_id=budget_id,
                funder_id=FunderId(funder_id),
                agreed_pence=agreed_pence,
                joint_agreed_pence=parts.joint_pence[funder_id],
            )
        )


def _what_to_call(session: Session, budget: Budget, parts: AgreedParts) -> dict[FunderId, int]:
    assessment = session.get(FinancialAssessment, budget.budget_id)
    council_part_pence = parts.total_pence["council"]
    from_person_pence = person_contribution_pence(
        legal_basis=budget.legal_basis,
        weekly_contribution_pence=assessment.weekly_contribution_pence if assessment else 0,
        weeks=assessment.weeks if assessment else 0,
        council_part_pence=council_part_pence,
    )
    return {
        FunderId.NHS: parts.total_pence["nhs"],
        FunderId.COUNCIL: council_part_pence - from_person_pence,
        FunderId.PERSON: from_person_pence,
    }
