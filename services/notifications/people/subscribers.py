"""What assessment tells of people is kept, whatever the order in which it arrives."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.people.models import (
    ActingFor,
    CareTeam,
    Death,
    MergedPerson,
    NamedContact,
    Person,
    forget_ids,
)
from services.notifications.people.rules import Channel, person_to_ask
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied
from shared.contracts.assessment.people import (
    CareTeamChanged,
    ContactDetailsChanged,
    PeopleMerged,
    TeamMember,
)
from shared.contracts.assessment.representatives import ActingFor as Appointment
from shared.contracts.assessment.representatives import RepresentativeChanged
from shared.trace import Trace


def keep_contact_details(event: ContactDetailsChanged, *, session: Session, trace: Trace) -> None:
    """Keep how a person is called and reached, unless something newer is known."""
    facts = asdict(event)
    del facts["event_id"], facts["occurred_at"]
    facts["preferred_channel"] = Channel(event.preferred_channel)
    _keep_if_newer(Person, facts, session=session)


def keep_care_team(event: CareTeamChanged, *, session: Session, trace: Trace) -> None:
    """Keep who works with a person and whom they can ask, unless something newer is known."""
    team = {"person_id": event.person_id, "version": event.version}
    members = [_member(one) for one in event.members]
    _keep_if_newer(CareTeam, {**team, "members": members}, session=session)
    chosen = person_to_ask([(member.role, member.name) for member in event.members])
    name, role = chosen or (None, None)
    _keep_if_newer(NamedContact, {**team, "name": name, "role": role}, session=session)


def keep_representatives(event: RepresentativeChanged, *, session: Session, trace: Trace) -> None:
    """Keep who acts for a person, unless something newer is known."""
    facts = {
        "person_id": event.person_id,
        "version": event.version,
        "acting": [_acting(one) for one in event.representatives],
    }
    _keep_if_newer(ActingFor, facts, session=session)


def keep_death(event: PersonDied, *, session: Session, trace: Trace) -> None:
    """Keep that somebody has died, so that nothing more is sent to them."""
    facts = {"person_id": event.person_id, "version": event.version, "died_on": event.died_on}
    _keep_if_newer(Death, facts, session=session)


def keep_life(event: DeathCorrected, *, session: Session, trace: Trace) -> None:
    """Keep that somebody lives whose death was recorded wrongly: they are told things again.

    What was not sent to them meanwhile is not made up for: a review looks at it with them.
    """
    facts = {"person_id": event.person_id, "version": event.version, "died_on": None}
    _keep_if_newer(Death, facts, session=session)


def keep_merged(event: PeopleMerged, *, session: Session, trace: Trace) -> None:
    """Keep that two ids are one person's: the surviving one's facts count for both from now on.

    Services that go on using the other id tell things under it; the person is called, reached
    and spared as the surviving record says. Who is merged once is merged for good.
    """
    row = insert(MergedPerson).values(
        merged_person_id=event.merged_person_id, person_id=event.person_id
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["merged_person_id"]))
    forget_ids(session)


def _keep_if_newer(
    model: type[Person | NamedContact | CareTeam | ActingFor | Death],
    facts: Mapping[str, Any],
    *,
    session: Session,
) -> None:
    row = insert(model).values(**facts)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["person_id"], set_=facts, where=model.version < row.excluded.version
        )
    )


def _member(one: TeamMember) -> dict[str, Any]:
    return {
        "staff_id": str(one.staff_id),
        "role": one.role,
        "name": one.name,
        "email": one.email,
        "organisation": one.organisation,
    }


def _acting(one: Appointment) -> dict[str, Any]:
    return {
        **asdict(one),
        "representative_id": str(one.representative_id),
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on and one.ends_on.isoformat(),
    }
