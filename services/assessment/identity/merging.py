"""How two records of one person become one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.assessment.care_team import handlers as care_team
from services.assessment.consent import handlers as consent
from services.assessment.consent.models import Consent, ConsentWithdrawal
from services.assessment.people import handlers as people
from services.assessment.people.identifiers import IdentifierKind
from services.assessment.people.models import Person, TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.representatives import handlers as representatives
from services.assessment.representatives import rules as representatives_rules
from services.assessment.representatives.models import Representative
from shared.trace import Trace

_MOVED = (Referral, Consent, ConsentWithdrawal, Representative, TeamMembership)


def lock(person_ids: Sequence[UUID], *, session: Session) -> None:
    """Lock every case of these people, then the people, always in the same order."""
    cases = select(Referral.referral_id).where(Referral.person_id.in_(person_ids))
    session.execute(cases.order_by(Referral.referral_id).with_for_update())
    found = select(Person.person_id).where(Person.person_id.in_(person_ids))
    session.execute(found.order_by(Person.person_id).with_for_update())


def merge(
    kept_id: UUID, merged_id: UUID, *, session: Session, trace: Trace
) -> tuple[Person, Person]:
    """Give everything of one record to the other, and tell it under both ids.

    What was merged into the one before follows it. Where both have somebody in a role, the
    kept record's stays and the other's ends. An identifier of the merged record goes on finding
    the person, and a way to reach them that is not safe by one of the two is not safe.

    Raises:
        InCareTeamError: who acts for the one works on the other's case.
    """
    kept = Person.locked(kept_id, session=session)
    merged = Person.locked(merged_id, session=session)
    if kept is not merged:  # they may be one already, by way of a third
        _end_doubled_roles(kept, merged, session=session, trace=trace)
        for table in _MOVED:
            session.execute(
                update(table)
                .where(table.person_id == merged.person_id)
                .values(person_id=kept.person_id)
            )
        session.expire_all()
        _move_identifiers(kept, merged, session=session)
        people.keep_safer(kept, merged)
        session.execute(
            update(Person)
            .where(Person.merged_into == merged.person_id)
            .values(merged_into=kept.person_id)
        )
        merged.merged_into = kept.person_id
        session.flush()
        _check_independent(kept, session=session, trace=trace)
        people.tell_contact_details(kept, session=session, trace=trace)
        care_team.tell_present(kept, session=session, trace=trace)
        representatives.tell_present(kept, session=session, trace=trace)
        consent.tell_present(kept, session=session, trace=trace)
    return kept, merged


def _end_doubled_roles(kept: Person, merged: Person, *, session: Session, trace: Trace) -> None:
    roles = {member.role for member in TeamMembership.present(kept.person_id, session=session)}
    for member in TeamMembership.present(merged.person_id, session=session):
        if member.role in roles:
            member.ended_at = max(trace.at, member.started_at)
    session.flush()


def _move_identifiers(kept: Person, merged: Person, *, session: Session) -> None:
    """Give the kept record what it lacks; what it has stays, and the other's finds it as well."""
    for kind in IdentifierKind:
        identifier = merged.held(kind)
        is_contested = getattr(merged, f"{kind}_index") is None
        if identifier is not None and kept.held(kind) is None:
            setattr(merged, f"{kind}_sealed", None)
            setattr(merged, f"{kind}_index", None)
            session.flush()  # it finds one record at a time
            kept.hold(kind, identifier, is_contested=is_contested)
    session.flush()


def _check_independent(kept: Person, *, session: Session, trace: Trace) -> None:
    team = {one.staff_id for one in TeamMembership.present(kept.person_id, session=session)}
    for one in Representative.not_ended(kept.person_id, trace.today, session=session):
        representatives_rules.check_independent(
            one.representative_id, person_id=kept.person_id, team_ids=team
        )
