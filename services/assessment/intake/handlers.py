"""What is done while a referral comes in and is answered."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import uuid5

from sqlalchemy.orm import Session

from services.assessment.consent import handlers as consent
from services.assessment.consent.commands import RecordConsent
from services.assessment.consent.rules import Purpose
from services.assessment.dates import check_happened
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.identity import handlers as identity
from services.assessment.intake import rules
from services.assessment.intake.commands import ReceiveReferral, RecordDiscussion, RefuseReferral
from services.assessment.intake.models import Discussion, RefusedReferral
from services.assessment.people import handlers as people
from services.assessment.people.commands import PersonDetails
from services.assessment.people.models import TeamMembership
from services.assessment.people.rules import TeamRole
from services.assessment.referrals import rules as referrals
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from shared.contracts import organisations
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.organisations import Side
from shared.messaging import outbox
from shared.trace import Trace


def receive_referral(
    command: ReceiveReferral, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Take a referral in, once for each ``referral_id``, and start its clock.

    Raises:
        ConsentNeededError: the person has not agreed; nothing is kept.
        IdReusedError: ``referral_id`` was used for another referral.
        DateInFutureError: it was not received yet.
        BirthDateInFutureError: the person is not clear.
    """
    referrals.check_consent(is_given=command.consent_to_share)
    earlier = session.get(Referral, command.referral_id)
    if earlier is not None and is_repeat(earlier, command, field="referral_id"):
        return _answer(earlier)
    check_happened(command.received_on, today=trace.today, field="received_on")
    registered = people.register(_as_known_here(command), session=session, trace=trace)
    person = registered.person
    referral = Referral(
        referral_id=command.referral_id,
        person_id=person.person_id,
        source=command.source,
        organisation=command.organisation,
        relation=command.relation,
        heard_from=command.heard_from,
        basis=command.basis,
        condition_group=command.condition_group,
        urgency=command.urgency,
        received_on=command.received_on,
        received_at=trace.at,
        answer_due_on=referrals.answer_due_on(trace.today),
        request_sha256=digest(command),
    )
    session.add(referral)
    _record_consents(referral, session=session, trace=trace)
    session.flush()
    deadlines.start(
        session,
        referral_id=referral.referral_id,
        stage=Stage.REFERRAL_ANSWER,
        about_id=referral.referral_id,
        role=TeamRole.CARE_COORDINATOR,
        due_on=referral.answer_due_on,
        trace=trace,
    )
    identity.ask(
        session,
        referral=referral,
        alike=registered.alike,
        contradictory=registered.contradictory,
        trace=trace,
    )
    outbox.add(session, _referral_received(referral), trace=trace)
    return _answer(referral)


def _as_known_here(command: ReceiveReferral) -> PersonDetails:
    """Return the person without what another area's council calls them.

    Two councils may give one number to two people, and a record has room for the local one's.
    """
    known = organisations.current()
    if known.sides.get(command.organisation or "") is not Side.COUNCIL:
        return command.person
    if known.known[command.organisation or ""].is_local:
        return command.person
    return replace(command.person, council_client_id=None)


def _record_consents(referral: Referral, *, session: Session, trace: Trace) -> None:
    """Keep the consent that came with a referral, for each organisation it speaks of."""
    sharing = referrals.shared_with(referral.organisation, among=organisations.current())
    for organisation in sorted(sharing):
        given = RecordConsent(
            consent_id=uuid5(referral.referral_id, organisation),
            person_id=referral.person_id,
            purpose=Purpose.ASSESSMENT,
            organisation=organisation,
            given_on=referral.received_on,
            ends_on=None,
            evidence=f"Given with referral {referral.referral_id}",
        )
        consent.record_consent(given, session=session, trace=trace)


def _referral_received(referral: Referral) -> ReferralReceived:
    return ReferralReceived(
        occurred_at=referral.received_at,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        source=referral.source,
        organisation=referral.organisation,
        answer_due_on=referral.answer_due_on,
    )


def _answer(referral: Referral) -> Mapping[str, Any]:
    return {
        "person_id": referral.person_id,
        "referral_id": referral.referral_id,
        "answer_due_on": referral.answer_due_on,
    }


def refuse_referral(
    command: RefuseReferral, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Refuse a budget before any assessment, and tell the person everything that was weighed.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``refusal_id`` was used for another refusal.
        BudgetDeclinedError, ReferralRefusedError, PlanApprovedError: it is answered already.
        DeciderNotInRoleError: whoever decides may not on this case.
    """
    referral = Referral.locked(command.referral_id, session=session)
    earlier = session.get(RefusedReferral, command.refusal_id)
    if not is_repeat(earlier, command, field="refusal_id"):
        referral.outcome = referrals.outcome_after(referral.outcome, "refuse")
        team = TeamMembership.present(referral.person_id, session=session)
        roles = {member.role: member.staff_id for member in team}
        rules.check_decider(command.decider_id, team=roles)
        session.add(
            RefusedReferral(refused_at=trace.at, request_sha256=digest(command), **asdict(command))
        )
        deadlines.meet(
            session, stage=Stage.REFERRAL_ANSWER, about_id=referral.referral_id, trace=trace
        )
        outbox.add(session, _refused(command, referral, trace=trace), trace=trace)
    return {"referral_id": referral.referral_id, "outcome": referral.outcome}


def _refused(command: RefuseReferral, referral: Referral, *, trace: Trace) -> ReferralRefused:
    return ReferralRefused(
        occurred_at=trace.at,
        refusal_id=command.refusal_id,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        because=command.because,
        alternatives=list(command.alternatives),
        appeal_route=command.appeal_route,
    )


def record_discussion(
    command: RecordDiscussion, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep that a budget was talked about, or why it was not. It changes nothing else.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``discussion_id`` was used for another discussion.
        DateInFutureError: it has not been held.
    """
    Referral.locked(command.referral_id, session=session)
    earlier = session.get(Discussion, command.discussion_id)
    if not is_repeat(earlier, command, field="discussion_id"):
        check_happened(command.held_on, today=trace.today, field="held_on")
        session.add(
            Discussion(recorded_at=trace.at, request_sha256=digest(command), **asdict(command))
        )
    return {"discussion_id": command.discussion_id}
