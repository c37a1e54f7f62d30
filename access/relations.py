"""How somebody stands to a person, as assessment tells of it.

``self``: they are the person. ``may:<scope>``: they represent the person in that, between two
days. ``team:<role>``: they are in the care team. ``organisation``: what holds it has somebody
there, or the person agreed to share with it. ``break_glass``: they opened the record in an
emergency, to read it until an instant. ``funder``, ``host``: what holds it pays for the person,
or keeps the books of a pool that does; the ledger alone knows.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from access.tables import Relation, RelationVersion
from shared.clock import day_in_london
from shared.contracts.assessment.consent import SharingChanged
from shared.contracts.assessment.emergencies import EmergencyAccessEnded, EmergencyAccessOpened
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged
from shared.contracts.assessment.representatives import RepresentativeChanged
from shared.trace import Trace

SELF = "self"
ORGANISATION = "organisation"
CONSENT = "consent"
BREAK_GLASS = "break_glass"
FUNDER, HOST = "funder", "host"
OF_PAYERS = frozenset({FUNDER, HOST})  # what follows from whose money it is
REPRESENTING = "may:"  # begins what somebody may do for a person
FOR_READING = frozenset({BREAK_GLASS})  # what lets nobody write
OPENED, ENDED = 1, 2  # the versions of one opening of a record


def keep_care_team(event: CareTeamChanged, *, session: Session, trace: Trace) -> bool:
    """Keep who works with a person, and for whom they do; returns whether that is news."""
    held = {(str(member.staff_id), f"team:{member.role}") for member in event.members}
    held |= {(member.organisation, ORGANISATION) for member in event.members}
    rows = [
        Relation(person_id=event.person_id, source="care_team", holder=holder, relation=relation)
        for holder, relation in sorted(held)
    ]
    return _keep(event.person_id, "care_team", event.version, rows, session=session)


def keep_representatives(event: RepresentativeChanged, *, session: Session, trace: Trace) -> None:
    """Keep who acts for a person, in what and between which days.

    Who was appointed twice for one scope has it from the first day to the last of both.
    """
    held: dict[tuple[str, str], tuple[date, date | None]] = {}
    for one in event.representatives:
        for scope in one.scopes:
            key = (str(one.representative_id), f"{REPRESENTING}{scope}")
            starts_on, ends_on = held.get(key, (one.starts_on, one.ends_on))
            last = None if ends_on is None or one.ends_on is None else max(ends_on, one.ends_on)
            held[key] = (min(starts_on, one.starts_on), last)
    rows = [
        Relation(
            person_id=event.person_id,
            source="representatives",
            holder=holder,
            relation=relation,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for (holder, relation), (starts_on, ends_on) in sorted(held.items())
    ]
    _keep(event.person_id, "representatives", event.version, rows, session=session)


def keep_merged(event: PeopleMerged, *, session: Session, trace: Trace) -> None:
    """Keep that two ids are one person's: whoever is one of them is the other, too."""
    ids = (event.person_id, event.merged_person_id)
    for one, other in (ids, ids[::-1]):
        session.merge(Relation(person_id=one, source="merged", holder=str(other), relation=SELF))


def keep_sharing(event: SharingChanged, *, session: Session, trace: Trace) -> bool:
    """Keep with which bodies a person agreed to share; returns whether that is news.

    Nobody agrees ahead of time: of several spans for one body, the first day and the last say
    whether one of them holds today.
    """
    held: dict[str, tuple[date, date | None]] = {}
    for one in event.shared:
        starts_on, ends_on = held.get(one.organisation, (one.starts_on, one.ends_on))
        last = None if ends_on is None or one.ends_on is None else max(ends_on, one.ends_on)
        held[one.organisation] = (min(starts_on, one.starts_on), last)
    rows = [
        Relation(
            person_id=event.person_id,
            source=CONSENT,
            holder=organisation,
            relation=ORGANISATION,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for organisation, (starts_on, ends_on) in sorted(held.items())
    ]
    return _keep(event.person_id, CONSENT, event.version, rows, session=session)


def keep_emergency(event: EmergencyAccessOpened, *, session: Session, trace: Trace) -> None:
    """Keep that somebody may read a record until an instant; then it ends by itself."""
    row = Relation(
        person_id=event.person_id,
        source=emergency(event.access_id),
        holder=str(event.staff_id),
        relation=BREAK_GLASS,
        ends_at=event.ends_at,
    )
    keep_of_emergency(event.person_id, event.access_id, OPENED, [row], session=session)


def keep_emergency_ended(event: EmergencyAccessEnded, *, session: Session, trace: Trace) -> None:
    """Keep that it ended before its time, also where that it began is heard of later."""
    keep_of_emergency(event.person_id, event.access_id, ENDED, [], session=session)


def keep_of_emergency(
    person_id: UUID, access_id: UUID, version: int, rows: list[Relation], *, session: Session
) -> None:
    """Keep what follows from one opening of a record, unless something later is known of it."""
    _keep(person_id, emergency(access_id), version, rows, session=session)


def emergency(access_id: UUID) -> str:
    """Return the source of what follows from one opening of a record."""
    return f"{BREAK_GLASS}/{access_id}"


def ids_of(person_id: UUID, *, session: Session) -> frozenset[UUID]:
    """Return every id of a person: records that were merged go on under their own."""
    found = {person_id}
    new = found
    while new:
        others = select(Relation.holder).where(
            Relation.person_id.in_(new), Relation.source == "merged"
        )
        new = {UUID(other) for other in session.scalars(others)} - found
        found = found | new
    return frozenset(found)


def held_by(
    holders: Iterable[str], people: Iterable[UUID], at: datetime, *, session: Session
) -> frozenset[str]:
    """Return the relations that holders have to a person under any of their ids, at an instant."""
    held = select(Relation.relation).where(
        Relation.holder.in_(list(holders)), Relation.person_id.in_(list(people)), _stands(at)
    )
    return frozenset(session.scalars(held))


def holders_of(
    relation: str, people: Iterable[UUID], at: datetime, *, session: Session
) -> frozenset[str]:
    """Return who has a relation to a person under any of their ids, at an instant."""
    held = select(Relation.holder).where(
        Relation.relation == relation, Relation.person_id.in_(list(people)), _stands(at)
    )
    return frozenset(session.scalars(held))


def people_of(
    holders: Iterable[str], relations: Iterable[str], at: datetime, *, session: Session
) -> frozenset[UUID]:
    """Return everybody to whom holders have one of the relations at an instant."""
    people = select(Relation.person_id).where(
        Relation.holder.in_(list(holders)), Relation.relation.in_(list(relations)), _stands(at)
    )
    return frozenset(session.scalars(people))


def _stands(at: datetime) -> ColumnElement[bool]:
    on = day_in_london(at)
    return and_(
        or_(Relation.ends_at.is_(None), Relation.ends_at > at),
        or_(Relation.starts_on.is_(None), Relation.starts_on <= on),
        or_(Relation.ends_on.is_(None), Relation.ends_on >= on),
    )


def _keep(
    person_id: UUID, source: str, version: int, rows: list[Relation], *, session: Session
) -> bool:
    """Put the whole list in the place of the one before; False: we know a newer one."""
    one_at_a_time = func.pg_advisory_xact_lock(func.hashtextextended(f"{source}/{person_id}", 0))
    session.execute(select(one_at_a_time))
    known = session.get(RelationVersion, (person_id, source))
    if known is not None and version <= known.version:
        return False
    session.merge(RelationVersion(person_id=person_id, source=source, version=version))
    session.execute(
        delete(Relation).where(Relation.person_id == person_id, Relation.source == source)
    )
    session.add_all(rows)
    return True
