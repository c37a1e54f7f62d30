"""Fixing who pays which part of a budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.agreements import rules, shares
from services.budget.agreements.commands import (
    RecordAgreement,
    ReportFinancialAssessment,
    Share,
)
from services.budget.agreements.models import (
    Agreement,
    AgreementShare,
    AgreementSignature,
    AgreementState,
    Budget,
    BudgetState,
    FinancialAssessment,
    ends_on,
    locked_if_known,
)
from services.budget.agreements.rules import (
    AgreementExistsError,
    Funding,
    ReapportionFirstError,
)
from services.budget.funders import handlers as funders
from services.budget.funders.models import Funder, Pool
from services.budget.funders.rules import FunderKind
from shared.errors import IdReusedError, NotKnownYetError
from shared.trace import Trace

# Whose share an item's payer allows; a joint item is anybody's of the pool.
KINDS_OF_PURPOSE: Mapping[str, frozenset[FunderKind]] = {
    "joint": frozenset({FunderKind.NHS, FunderKind.COUNCIL}),
    "nhs": frozenset({FunderKind.NHS}),
    "council": frozenset({FunderKind.COUNCIL}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A budget with one more agreement, and the partners who may have a share in it."""

    budget: Budget
    pool: Pool
    partners: Mapping[UUID, Funder]
    missing_purposes: list[str]  # what the plan has items for, and nobody agreed to pay
    ends_on: date | None  # from that day on nothing new is bought

    def is_over(self, *, on: date) -> bool:
        """Say whether nothing new is bought on a day."""
        return self.ends_on is not None and self.ends_on <= on


def report_financial_assessment(
    command: ReportFinancialAssessment, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Keep the council's financial assessment until the shares are agreed.

    It may come before the plan's approval.

    Raises:
        AgreementExistsError: contributions were called without it, or with another one.
    """
    budget = locked_if_known(session, command.budget_id)
    if budget is not None and budget.state is not BudgetState.PLANNED:
        raise AgreementExistsError("The contributions to this budget have been called for.")
    assessment = FinancialAssessment(
        budget_id=command.budget_id,
        weekly_contribution_pence=command.weekly_contribution_pence,
        weeks=command.weeks,
        free_weeks=min(command.free_weeks, command.weeks),
    )
    session.merge(assessment)
    return {"budget_id": command.budget_id}


def agree(command: RecordAgreement, *, session: Session) -> Agreed:
    """Save the shares for one purpose, after those that were agreed before.

    What one partner alone can pay, the only NHS body or the only council of the pool, needs no
    agreement of its own.

    Raises:
        NotKnownYetError: the plan's approval has not arrived here.
        PoolNotFoundError, OutsidePoolError, NotAPartnerError: the pool does not allow it.
        BudgetEndedError: it would start when the budget has ended.
        IdReusedError: ``agreement_id`` is that of another agreement.
        SharesNotWholeError, SignatureMissingError, DisputedSharesNotEqualError,
        AgreementOverlapError, ReapportionFirstError, CapExceededError: see ``rules``.
    """
    budget = locked_if_known(session, command.budget_id)
    if budget is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    if session.get(Agreement, command.agreement_id) is not None:
        raise IdReusedError("Another agreement has this id.")
    pool, partners = funders.partners_of(session, command.pool_id)
    last = ends_on(session, budget.budget_id)
    _see_that_it_may_be_agreed(command, budget, pool, partners, last=last)
    budget.pool_id = pool.pool_id
    _save(command, budget, session=session)
    missing = _agree_what_one_pays_alone(
        budget, pool, partners, after=command.agreement_id, on=command.starts_on, session=session
    )
    return Agreed(
        budget=budget, pool=pool, partners=partners, missing_purposes=missing, ends_on=last
    )


def _agree_what_one_pays_alone(
    budget: Budget,
    pool: Pool,
    partners: Mapping[UUID, Funder],
    *,
    after: UUID,
    on: date,
    session: Session,
) -> list[str]:
    """Save agreements for what one partner alone can pay, and return for what nobody has agreed.

    Args:
        budget: locked, with what was agreed for it.
        pool: that the budget belongs to.
        partners: of the pool, by id.
        after: what they follow from, by which the same are never made twice.
        on: the day on which they start.
        session: of the transaction.
    """
    missing = shares.needed_purposes(session, budget)
    for purpose in sorted(missing):
        alone = _only_partner(partners, purpose)
        if alone is not None:
            agreement = RecordAgreement(
                agreement_id=uuid5(after, purpose),
                budget_id=budget.budget_id,
                pool_id=pool.pool_id,
                purpose=purpose,
                starts_on=on,
                denominator=1,
                shares=[_all_of_it(alone)],
                is_disputed=False,
                signatures=[],
            )
            _save(agreement, budget, session=session)
            missing.remove(purpose)
    return sorted(missing)


def revise(budget: Budget, *, starts_on: date, session: Session) -> Agreed | None:
    """Bring the agreed pence to a plan that has changed; None where nothing is agreed yet.

    The shares stay what they are. What the plan costs now for each purpose, less what was used
    under agreements that have ended, is divided by those in force.
    """
    if budget.pool_id is None:
        return None
    pool, partners = funders.partners_of(session, budget.pool_id)
    shares.agree_anew(session, budget.budget_id)
    version_id = uuid5(budget.budget_id, str(budget.plan_version))
    missing = _agree_what_one_pays_alone(
        budget, pool, partners, after=version_id, on=starts_on, session=session
    )
    last = ends_on(session, budget.budget_id)
    return Agreed(
        budget=budget, pool=pool, partners=partners, missing_purposes=missing, ends_on=last
    )


def _see_that_it_may_be_agreed(
    command: RecordAgreement,
    budget: Budget,
    pool: Pool,
    partners: Mapping[UUID, Funder],
    *,
    last: date | None,
) -> None:
    ends_too_soon = pool.ends_on is not None and command.starts_on >= pool.ends_on
    if budget.pool_id not in (None, pool.pool_id):
        raise rules.OutsidePoolError("This budget belongs to another pool.")
    if command.starts_on < pool.starts_on or ends_too_soon:
        raise rules.OutsidePoolError("The pool does not exist on the day on which it would start.")
    rules.see_that_it_goes_on(ends_on=last, on=command.starts_on)
    for share in command.shares:
        partner = partners.get(share.funder_id)
        if partner is None or partner.kind not in KINDS_OF_PURPOSE[command.purpose]:
            raise rules.NotAPartnerError("A share is of somebody who may not pay for this.")
    if any(signature.funder_id not in partners for signature in command.signatures):
        raise rules.NotAPartnerError("Somebody signed who is no partner of the pool.")


def _save(command: RecordAgreement, budget: Budget, *, session: Session) -> None:
    fundings = [_funding(share) for share in command.shares]
    rules.see_that_shares_are_whole(fundings=fundings, denominator=command.denominator)
    rules.see_that_it_is_signed(
        fundings=fundings,
        signed_by=[signature.funder_id for signature in command.signatures],
        is_disputed=command.is_disputed,
    )
    newest = _newest(session, budget.budget_id, command.purpose)
    if shares.are_to_be_reapportioned(session, budget.budget_id, command.purpose):
        raise ReapportionFirstError("Purchases are still under shares that were decided otherwise.")
    _end(newest, command)
    agreed = rules.agreed_parts(
        total_pence=shares.left_to_agree(session, budget.budget_id, command.purpose),
        fundings=fundings,
        tie=command.agreement_id.int,
    )
    session.flush()  # the one before has ended
    state = AgreementState.PROVISIONAL if command.is_disputed else AgreementState.AGREED
    session.add(
        Agreement(
            agreement_id=command.agreement_id,
            budget_id=budget.budget_id,
            purpose=command.purpose,
            version=newest.version + 1 if newest else 1,
            state=state,
            starts_on=command.starts_on,
            ends_on=None,
            denominator=command.denominator,
        )
    )
    session.flush()
    session.add_all(_share(command, share, agreed, budget) for share in command.shares)
    session.add_all(
        AgreementSignature(
            agreement_id=command.agreement_id,
            funder_id=signature.funder_id,
            role=signature.role,
            signed_on=signature.signed_on,
        )
        for signature in command.signatures
    )
    session.flush()


def _funding(share: Share) -> Funding:
    return Funding(
        funder_id=share.funder_id,
        weight=share.numerator,
        priority=share.priority,
        cap_pence=share.cap_pence,
    )


def _share(
    command: RecordAgreement, share: Share, agreed: Mapping[UUID, int], budget: Budget
) -> AgreementShare:
    return AgreementShare(
        agreement_id=command.agreement_id,
        funder_id=share.funder_id,
        numerator=share.numerator,
        legal_basis=share.legal_basis or budget.legal_basis,
        priority=share.priority,
        cap_pence=share.cap_pence,
        agreed_pence=agreed[share.funder_id],
    )


def _newest(session: Session, budget_id: UUID, purpose: str) -> Agreement | None:
    return session.scalars(
        select(Agreement)
        .where(Agreement.budget_id == budget_id, Agreement.purpose == purpose)
        .order_by(Agreement.version.desc())
        .limit(1)
    ).first()


def _end(newest: Agreement | None, command: RecordAgreement) -> None:
    """Let the newest agreement end where the next one starts.

    Raises:
        AgreementOverlapError: they would count for the same days.
    """
    if newest is None:
        return
    rules.see_that_it_follows(
        starts_on=command.starts_on,
        newest_starts_on=newest.starts_on,
        is_newest_disputed=newest.state is AgreementState.PROVISIONAL,
    )
    if command.starts_on == newest.starts_on:
        newest.state = AgreementState.SUPERSEDED
    else:
        newest.ends_on = command.starts_on


def _only_partner(partners: Mapping[UUID, Funder], purpose: str) -> UUID | None:
    of_kind = [one.funder_id for one in partners.values() if one.kind.value == purpose]
    return of_kind[0] if len(of_kind) == 1 else None


def _all_of_it(funder_id: UUID) -> Share:
    return Share(funder_id=funder_id, numerator=1, legal_basis=None, priority=1, cap_pence=None)
