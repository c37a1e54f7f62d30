"""What is done with the joint assessment."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.consent.models import Consent
from services.assessment.consent.rules import Purpose
from services.assessment.needs import rules
from services.assessment.needs.commands import Contribute, DomainSeen
from services.assessment.needs.models import AgreedAssessment, Contribution, ScoredDomain
from services.assessment.referrals.models import Referral
from shared.contracts import documents
from shared.contracts.assessment.needs import AssessmentAgreed
from shared.errors import IdReusedError
from shared.messaging import outbox
from shared.trace import Trace


def contribute(command: Contribute, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Add what one side saw, once for each ``contribution_id``.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``contribution_id`` was used for another contribution.
        ConsentNotInForceError: the person's consent was withdrawn for this organisation.
        AssessmentAgreedError: both sides have contributed already.
    """
    referral = Referral.locked(command.referral_id, session=session)
    is_agreed = session.get(AgreedAssessment, command.referral_id) is not None
    earlier = session.get(Contribution, command.contribution_id)
    request_sha256 = documents.digest(asdict(command))
    if earlier is not None:
        if earlier.request_sha256 != request_sha256:
            raise IdReusedError("Another contribution has this id.", field="contribution_id")
        return {"referral_id": command.referral_id, "is_agreed": is_agreed}
    rules.check_open(is_agreed=is_agreed)
    Consent.check(
        referral.person_id,
        Purpose.ASSESSMENT,
        command.organisation,
        trace.today,
        session=session,
    )
    _replace_earlier(command, session=session, trace=trace)
    _store(command, request_sha256, session=session, trace=trace)
    is_agreed = _agree_if_complete(referral, session=session, trace=trace)
    return {"referral_id": command.referral_id, "is_agreed": is_agreed}


def _replace_earlier(command: Contribute, *, session: Session, trace: Trace) -> None:
    """Let the same side's earlier contribution count no more; it stays in the history."""
    for contribution in Contribution.counting(command.referral_id, session=session):
        if contribution.organisation == command.organisation:
            contribution.replaced_at = trace.at
    session.flush()  # one of each side counts at a time


def _store(command: Contribute, request_sha256: str, *, session: Session, trace: Trace) -> None:
    session.add(
        Contribution(
            contribution_id=command.contribution_id,
            referral_id=command.referral_id,
            organisation=command.organisation,
            author_role=command.author_role,
            whole_life=None if command.whole_life is None else dict(command.whole_life),
            received_at=trace.at,
            request_sha256=request_sha256,
        )
    )
    session.flush()
    session.add_all(_scored(command, seen) for seen in command.domains)
    session.flush()


def _scored(command: Contribute, seen: DomainSeen) -> ScoredDomain:
    return ScoredDomain(
        contribution_id=command.contribution_id,
        is_hidden=seen.is_hidden,
        person_words=seen.person_words,
        strengths=seen.strengths,
        **asdict(seen.score),
    )


def _agree_if_complete(referral: Referral, *, session: Session, trace: Trace) -> bool:
    contributions = Contribution.counting(referral.referral_id, session=session)
    if not rules.is_agreed(contribution.organisation for contribution in contributions):
        return False
    seen = ScoredDomain.counting(referral.referral_id, session=session)
    domain_count = len({domain.domain for domain in seen})
    session.add(
        AgreedAssessment(
            referral_id=referral.referral_id, agreed_at=trace.at, domain_count=domain_count
        )
    )
    agreed = AssessmentAgreed(
        occurred_at=trace.at,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        domain_count=domain_count,
    )
    outbox.add(session, agreed, trace=trace)
    return True
