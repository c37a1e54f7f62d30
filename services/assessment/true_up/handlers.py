"""What a dispute and its end change: who pays, never what the person gets."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.disputes import handlers as disputes
from services.assessment.disputes.commands import DecideDispute, DisputeDomain
from services.assessment.indicative_budget import handlers as indicative_budget
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.referrals.models import Referral
from shared.contracts.assessment.disputes import DisputeDecided
from shared.messaging import outbox
from shared.trace import Trace


def dispute_domain(command: DisputeDomain, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Open a dispute; between funders, the domain is paid half and half from now on.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
        IdReusedError: ``dispute_id`` was used for another dispute.
        DomainNotAssessedError: nobody assessed this domain.
    """
    dispute = disputes.dispute_domain(command, session=session, trace=trace)
    referral = Referral.locked(dispute.referral_id, session=session)
    indicative_budget.split_anew(referral, session=session, trace=trace)
    return {"dispute_id": dispute.dispute_id, "state": dispute.state}


def decide_dispute(command: DecideDispute, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Settle a dispute, and tell the funders what changes between them.

    Raises:
        NotKnownYetError: the dispute has not arrived.
        DisputeSettledError: it is settled.
        SharesUnfitError: the shares do not fit who disputed, or do not add up.
    """
    dispute, referral = disputes.decide_dispute(command, session=session, trace=trace)
    before = IndicativeBudget.latest(referral.referral_id, session=session)
    after = indicative_budget.split_anew(referral, session=session, trace=trace)
    if command.shares is not None:
        decided = DisputeDecided(
            occurred_at=trace.at,
            dispute_id=dispute.dispute_id,
            referral_id=referral.referral_id,
            person_id=referral.person_id,
            domain=dispute.domain,
            nhs_basis_points=command.shares.nhs,
            council_basis_points=command.shares.council,
            nhs_pence_before=0 if before is None else before.nhs_pence,
            nhs_pence=0 if after is None else after.nhs_pence,
            council_pence_before=0 if before is None else before.council_pence,
            council_pence=0 if after is None else after.council_pence,
        )
        outbox.add(session, decided, trace=trace)
    return {"dispute_id": dispute.dispute_id, "state": dispute.state}
