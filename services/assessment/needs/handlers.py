"""What is done with the joint assessment."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.consent.models import Consent
from services.assessment.consent.rules import Purpose
from services.assessment.needs import rules
from services.assessment.needs.commands import Contribute, DomainSeen
from services.assessment.needs.models import (
    AgreedAssessment,
    Contribution,
    ScoredDomain,
    everything_seen,
)
from services.assessment.needs.questionnaires import questionnaires
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import check_takes_part
from services.assessment.repeats import digest, is_repeat
from shared.clock import day_in_london
from shared.contracts import organisations
from shared.contracts.assessment.needs import AssessmentAgreed
from shared.messaging import outbox
from shared.trace import Trace


def contribute(command: Contribute, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Add what one side saw, once for each ``contribution_id``.

    Of each side what was seen last counts, in whatever order contributions arrive. Once both
    have contributed, a later one changes the assessment; what it lowers waits for a statement
    (``preventive_effects``).

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``contribution_id`` was used for another contribution.
        NotOfThisCaseError: the organisation assesses elsewhere.
        ConsentNotInForceError: the person's consent was withdrawn for this organisation.
        UnknownQuestionnaireError, QuestionnaireNotActiveError, UnknownDomainError: it answers
            no questionnaire that was in use.
        SeenInFutureError: it was seen at a time to come.
    """
    check(command, trace=trace)
    referral = Referral.locked(command.referral_id, session=session)
    agreed = session.get(AgreedAssessment, command.referral_id)
    earlier = session.get(Contribution, command.contribution_id)
    if earlier is not None and is_repeat(earlier, command, field="contribution_id"):
        return {"referral_id": command.referral_id, "is_agreed": agreed is not None}
    check_takes_part(command.organisation, referral.organisation, among=organisations.current())
    Consent.check(
        referral.person_id,
        Purpose.ASSESSMENT,
        command.organisation,
        trace.today,
        session=session,
    )
    contribution = _store(command, session=session, trace=trace)
    _let_the_latest_count(command.referral_id, session=session, trace=trace)
    if contribution.replaced_at is None:
        agreed = _agree_if_complete(referral, agreed, session=session, trace=trace)
    return {"referral_id": command.referral_id, "is_agreed": agreed is not None}


def check(command: Contribute, *, trace: Trace) -> None:
    """See that a contribution answers a questionnaire that was in use when it was seen."""
    rules.check_as_of(command.as_of, at=trace.at)
    rules.check_questionnaire(
        questionnaires().get(command.questionnaire),
        domains=[seen.domain for seen in command.domains],
        as_of_day=day_in_london(command.as_of),
    )


def _store(command: Contribute, *, session: Session, trace: Trace) -> Contribution:
    contribution = Contribution(
        contribution_id=command.contribution_id,
        referral_id=command.referral_id,
        organisation=command.organisation,
        side=organisations.current().sides[command.organisation],
        author_role=command.author_role,
        questionnaire=command.questionnaire,
        as_of=command.as_of,
        in_the_room=list(command.in_the_room),
        whole_life=None if command.whole_life is None else dict(command.whole_life),
        received_at=trace.at,
        request_sha256=digest(command),
        replaced_at=trace.at,  # until it is seen that it counts
    )
    session.add(contribution)
    session.flush()
    session.add_all(_scored(command, seen) for seen in command.domains)
    session.flush()
    return contribution


def _scored(command: Contribute, seen: DomainSeen) -> ScoredDomain:
    return ScoredDomain(
        contribution_id=command.contribution_id,
        look_back_months=seen.look_back_months,
        onset_speed=seen.onset_speed,
        is_hidden=seen.is_hidden,
        unseen_by_others=seen.unseen_by_others,
        reliably=None if seen.reliably is None else asdict(seen.reliably),
        present_support=[asdict(one) for one in seen.present_support],
        person_words=seen.person_words,
        worker_words=seen.worker_words,
        strengths=seen.strengths,
        wants=seen.wants,
        evidence=list(seen.evidence),
        **asdict(seen.score),
    )


def _let_the_latest_count(referral_id: UUID, *, session: Session, trace: Trace) -> None:
    """Let of each side what was seen last count; the others stay in the history."""
    seen = everything_seen(referral_id, session=session)
    counting = {one.contribution_id for one in rules.counting(seen)}
    contributions = Contribution.of(referral_id, session=session)
    for contribution in contributions:
        if contribution.contribution_id not in counting and contribution.replaced_at is None:
            contribution.replaced_at = trace.at
    session.flush()  # one of each side counts at a time
    for contribution in contributions:
        if contribution.contribution_id in counting:
            contribution.replaced_at = None
    session.flush()


def _agree_if_complete(
    referral: Referral, agreed: AgreedAssessment | None, *, session: Session, trace: Trace
) -> AgreedAssessment | None:
    contributions = Contribution.counting(referral.referral_id, session=session)
    if not rules.is_agreed(contribution.side for contribution in contributions):
        return None
    seen = ScoredDomain.counting(referral.referral_id, session=session)
    domain_count = len({domain.domain for domain in seen})
    if agreed is None:
        agreed = AgreedAssessment(
            referral_id=referral.referral_id,
            version=1,
            agreed_at=trace.at,
            domain_count=domain_count,
        )
        session.add(agreed)
    else:
        agreed.version += 1
        agreed.domain_count = domain_count
    told = AssessmentAgreed(
        occurred_at=trace.at,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        version=agreed.version,
        domain_count=domain_count,
    )
    outbox.add(session, told, trace=trace)
    return agreed
