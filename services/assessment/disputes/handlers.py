"""What is done when somebody agrees with a domain or disputes it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.disputes import rules
from services.assessment.disputes.commands import AgreeDomain, DecideDispute, DisputeDomain
from services.assessment.disputes.models import Dispute, DomainPosition
from services.assessment.disputes.rules import Position
from services.assessment.needs.models import AgreedAssessment
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import check_takes_part
from services.assessment.repeats import digest, is_repeat
from shared.contracts import organisations
from shared.contracts.assessment.disputes import DomainPositionTaken
from shared.errors import NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def agree_domain(command: AgreeDomain, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Note that the person or a funder agrees with a domain. Said twice, it counts once.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
        DomainNotAssessedError: nobody assessed this domain.
    """
    referral = Referral.locked(command.referral_id, session=session)
    _check_assessed(command.referral_id, command.domain, session=session)
    _take(command, Position.AGREED, referral, session=session, trace=trace)
    return {"referral_id": command.referral_id, "domain": command.domain}


def dispute_domain(command: DisputeDomain, *, session: Session, trace: Trace) -> Dispute:
    """Open a dispute, once for each ``dispute_id``; the person does not wait for its end.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
        IdReusedError: ``dispute_id`` was used for another dispute.
        NotOfThisCaseError: whoever disputes works for a body that assesses elsewhere.
        DomainNotAssessedError: nobody assessed this domain.
    """
    referral = Referral.locked(command.referral_id, session=session)
    earlier = session.get(Dispute, command.dispute_id)
    if earlier is not None and is_repeat(earlier, command, field="dispute_id"):
        return earlier
    check_takes_part(trace.organisation, referral.organisation, among=organisations.current())
    _check_assessed(command.referral_id, command.domain, session=session)
    dispute = Dispute(opened_at=trace.at, request_sha256=digest(command), **asdict(command))
    session.add(dispute)
    session.flush()
    deadlines.start(
        session,
        referral_id=command.referral_id,
        stage=Stage.DISPUTE,
        about_id=command.dispute_id,
        role=rules.role_to_settle(command.party),
        due_on=working_days_after(trace.today, working_days=rules.SETTLE_WITHIN_WORKING_DAYS),
        trace=trace,
    )
    _take(command, Position.DISPUTED, referral, session=session, trace=trace)
    return dispute


def decide_dispute(
    command: DecideDispute, *, session: Session, trace: Trace
) -> tuple[Dispute, Referral]:
    """Settle a dispute.

    Raises:
        NotKnownYetError: the dispute has not arrived.
        DisputeSettledError: it is settled.
        SettlerNotInRoleError: it is for the team manager.
        SharesUnfitError: the shares do not fit who disputed, or do not add up.
    """
    found = session.get(Dispute, command.dispute_id)
    if found is None:
        raise NotKnownYetError("This dispute is not here yet.", dispute_id=str(command.dispute_id))
    referral = Referral.locked(found.referral_id, session=session)
    dispute = session.get_one(Dispute, command.dispute_id, populate_existing=True)
    rules.check_settler(dispute.party, role=command.decided_by_role)
    rules.check_shares(dispute.party, command.by_funder)
    dispute.state = rules.state_after(dispute.state, "settle")
    dispute.settled_at = trace.at
    dispute.settled_by_id, dispute.settled_by_role = command.decided_by_id, command.decided_by_role
    dispute.settled_because = command.reasons
    dispute.shares = None if command.by_funder is None else dict(command.by_funder)
    session.flush()
    deadlines.meet(session, stage=Stage.DISPUTE, about_id=dispute.dispute_id, trace=trace)
    return dispute, referral


def _check_assessed(referral_id: UUID, domain: str, *, session: Session) -> None:
    scores = AgreedAssessment.scores(referral_id, session=session)
    rules.check_assessed(domain, is_assessed=domain in {score.domain for score in scores})


def _take(
    command: AgreeDomain | DisputeDomain,
    position: Position,
    referral: Referral,
    *,
    session: Session,
    trace: Trace,
) -> None:
    key = (command.referral_id, command.domain, command.party)
    taken = session.get(DomainPosition, key)
    if taken is not None and taken.position == position:
        return
    if taken is None:
        taken = DomainPosition(
            referral_id=command.referral_id,
            domain=command.domain,
            party=command.party,
            position=position,
            version=0,
            said_by_role=command.said_by_role,
            said_at=trace.at,
        )
        session.add(taken)
    taken.position, taken.version = position, taken.version + 1
    taken.said_by_role, taken.said_at = command.said_by_role, trace.at
    told = DomainPositionTaken(
        occurred_at=trace.at,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        version=taken.version,
        domain=command.domain,
        party=command.party,
        position=position,
    )
    outbox.add(session, told, trace=trace)
