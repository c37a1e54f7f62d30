"""What is done with a referral."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid5

from sqlalchemy.orm import Session

from services.assessment.consent import handlers as consent
from services.assessment.consent.commands import RecordConsent
from services.assessment.consent.rules import Purpose
from services.assessment.dates import check_happened
from services.assessment.people import handlers as people
from services.assessment.referrals import rules
from services.assessment.referrals.commands import ReceiveReferral
from services.assessment.referrals.models import Referral
from shared.contracts import documents
from shared.contracts.assessment.referrals import ReferralReceived
from shared.errors import IdReusedError
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
        BirthDateInFutureError, IdentityUncertainError: the person is not clear.
    """
    rules.check_consent(is_given=command.consent_to_share)
    request_sha256 = documents.digest(asdict(command))
    earlier = session.get(Referral, command.referral_id)
    if earlier is not None:
        if earlier.request_sha256 != request_sha256:
            raise IdReusedError("Another referral has this id.", field="referral_id")
        return _answer(earlier)
    check_happened(command.received_on, today=trace.today, field="received_on")
    person = people.register(command.person, session=session, trace=trace)
    referral = Referral(
        referral_id=command.referral_id,
        person_id=person.person_id,
        organisation=command.organisation,
        basis=command.basis,
        condition_group=command.condition_group,
        urgency=command.urgency,
        received_on=command.received_on,
        received_at=trace.at,
        answer_due_on=rules.answer_due_on(trace.today),
        request_sha256=request_sha256,
    )
    session.add(referral)
    _record_consents(referral, session=session, trace=trace)
    outbox.add(session, _referral_received(referral), trace=trace)
    return _answer(referral)


def _record_consents(referral: Referral, *, session: Session, trace: Trace) -> None:
    """Keep the consent that came with a referral, for each organisation it speaks of."""
    for organisation in sorted(rules.shared_with(referral.organisation)):
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
        organisation=referral.organisation,
        answer_due_on=referral.answer_due_on,
    )


def _answer(referral: Referral) -> Mapping[str, Any]:
    return {
        "person_id": referral.person_id,
        "referral_id": referral.referral_id,
        "answer_due_on": referral.answer_due_on,
    }
