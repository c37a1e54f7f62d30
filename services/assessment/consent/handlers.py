"""What is done with consent."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from access import relations
from services.assessment.consent import rules
from services.assessment.consent.commands import RecordConsent, WithdrawConsent
from services.assessment.consent.models import Consent, ConsentWithdrawal
from services.assessment.dates import check_happened, check_order
from services.assessment.people.models import Person
from services.assessment.repeats import digest, is_repeat
from shared.contracts.assessment.consent import ConsentWithdrawn, Shared, SharingChanged
from shared.messaging import outbox
from shared.trace import Trace


def record_consent(command: RecordConsent, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Keep what the person agreed to, once for each ``consent_id``.

    Raises:
        NotFoundError: no such person.
        IdReusedError: ``consent_id`` was used for another consent.
        DateInFutureError, EndsBeforeStartError: the dates cannot be.
    """
    person = Person.locked(command.person_id, session=session)
    consent = session.get(Consent, command.consent_id)
    if not is_repeat(consent, command, field="consent_id"):
        check_happened(command.given_on, today=trace.today, field="given_on")
        check_order(starts_on=command.given_on, ends_on=command.ends_on, field="ends_on")
        facts = asdict(command) | {"person_id": person.person_id}
        session.add(Consent(recorded_at=trace.at, request_sha256=digest(command), **facts))
        tell_present(person, session=session, trace=trace)
    return {"consent_id": command.consent_id}


def withdraw_consent(
    command: WithdrawConsent, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """End what the person agreed to, and tell of it, once for each ``withdrawal_id``.

    From now on the organisation contributes nothing and is told nothing for this purpose. What
    was agreed with the person before stands.

    Raises:
        NotFoundError: no such person.
        IdReusedError: ``withdrawal_id`` was used for another withdrawal.
        DateInFutureError: they have not said so yet.
        NothingToWithdrawError: there is no such consent in force.
    """
    person = Person.locked(command.person_id, session=session)
    earlier = session.get(ConsentWithdrawal, command.withdrawal_id)
    if not is_repeat(earlier, command, field="withdrawal_id"):
        check_happened(command.withdrawn_on, today=trace.today, field="withdrawn_on")
        _withdraw(person, command, session=session, trace=trace)
        outbox.add(session, _withdrawn(person, command, trace=trace), trace=trace)
    return {"withdrawal_id": command.withdrawal_id, "withdrawn_on": command.withdrawn_on}


def _withdraw(person: Person, command: WithdrawConsent, *, session: Session, trace: Trace) -> None:
    held = Consent.in_force(
        person.person_id,
        command.purpose,
        command.organisation,
        command.withdrawn_on,
        session=session,
    )
    rules.check_anything_to_withdraw(count=len(held))
    facts = asdict(command) | {"person_id": person.person_id}
    session.add(ConsentWithdrawal(recorded_at=trace.at, request_sha256=digest(command), **facts))
    session.flush()
    for consent in held:
        consent.withdrawal_id = command.withdrawal_id
        consent.withdrawn_on = command.withdrawn_on
    tell_present(person, session=session, trace=trace)


def tell_present(person: Person, *, session: Session, trace: Trace) -> None:
    """Tell which bodies may see the record because the person agreed to it, whole."""
    session.flush()
    shared = [
        Shared(
            organisation=one.organisation,
            starts_on=one.given_on,
            ends_on=rules.last_day(ends_on=one.ends_on, withdrawn_on=one.withdrawn_on),
        )
        for one in Consent.of(person.person_id, session=session)
        if one.purpose in rules.READING
    ]
    for one in person.under_every_id(session=session):
        one.sharing_version += 1
        changed = SharingChanged(
            occurred_at=trace.at,
            person_id=one.person_id,
            version=one.sharing_version,
            shared=shared,
        )
        relations.keep_sharing(changed, session=session, trace=trace)
        outbox.add(session, changed, trace=trace)


def _withdrawn(person: Person, command: WithdrawConsent, *, trace: Trace) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        occurred_at=trace.at,
        withdrawal_id=command.withdrawal_id,
        person_id=person.person_id,
        purpose=command.purpose,
        organisation=command.organisation,
        withdrawn_on=command.withdrawn_on,
    )
