"""Who becomes known is told what waited for them, in the transaction that keeps them."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import acting_for
from services.notifications.latecomers.handlers import tell_colleagues, tell_representatives
from services.notifications.people import subscribers as people
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged
from shared.contracts.assessment.representatives import RepresentativeChanged
from shared.trace import Trace


def keep_care_team(event: CareTeamChanged, *, session: Session, trace: Trace) -> None:
    """Keep who works with a person, and tell them what waited for them."""
    people.keep_care_team(event, session=session, trace=trace)
    _read_anew(session)
    tell_colleagues(event.person_id, session=session, trace=trace)


def keep_merged(event: PeopleMerged, *, session: Session, trace: Trace) -> None:
    """Keep that two ids are one person's: who works with one of them works with both."""
    people.keep_merged(event, session=session, trace=trace)
    _read_anew(session)
    tell_colleagues(event.person_id, session=session, trace=trace)


def keep_representatives(event: RepresentativeChanged, *, session: Session, trace: Trace) -> None:
    """Keep who acts for a person, and tell those who are new what they were to hear."""
    known = _acting(event.person_id, session=session)
    people.keep_representatives(event, session=session, trace=trace)
    _read_anew(session)
    newcomers = _acting(event.person_id, session=session) - known
    tell_representatives(event.person_id, newcomers, session=session, trace=trace)


def _acting(person_id: UUID, *, session: Session) -> frozenset[UUID]:
    return frozenset(one.representative_id for one in acting_for(person_id, session=session))


def _read_anew(session: Session) -> None:
    """Let go of what was read before: facts about people are kept past the session's back."""
    session.flush()
    session.expire_all()
