"""What a person was offered, and what they asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from access import relations
from access.tables import RelationVersion
from services.assessment.care_team.commands import EndAccess, TellNumber, TellRelations
from services.assessment.care_team.models import SupportOffer, WorkerChange
from services.assessment.consent.models import Consent
from services.assessment.people.models import Person, TeamMembership
from shared.clock import day_in_london

MOST_AT_ONCE = 100


def over(at: datetime, *, session: Session) -> list[EndAccess]:
    """Return whose last day in a care team has gone by, the longest ago first."""
    membership_ids = session.scalars(
        select(TeamMembership.membership_id)
        .where(TeamMembership.ended_at.is_(None), TeamMembership.ends_on < day_in_london(at))
        .order_by(TeamMembership.ends_on, TeamMembership.membership_id)
        .limit(MOST_AT_ONCE)
    )
    return [EndAccess(membership_id=one) for one in membership_ids]


def untold_numbers(at: datetime, *, session: Session) -> list[TellNumber]:
    """Return whose NHS number an earlier release knew and did not tell."""
    person_ids = session.scalars(
        select(Person.person_id)
        .where(Person.nhs_number_index.is_not(None), Person.is_number_told.is_(False))
        .order_by(Person.person_id)
        .limit(MOST_AT_ONCE)
    )
    return [TellNumber(person_id=one) for one in person_ids]


def untold_relations(at: datetime, *, session: Session) -> list[TellRelations]:
    """Return of whom an earlier release did not tell so that others keep who may see the record.

    What is told is kept as a relation here, so of whoever has none kept nobody else has one.
    """
    agreed = exists().where(Consent.person_id == Person.person_id)
    untold = or_(
        and_(Person.team_version > 0, ~_is_kept("care_team")),
        and_(Person.representatives_version > 0, ~_is_kept("representatives")),
        and_(agreed, ~_is_kept(relations.CONSENT)),
    )
    person_ids = session.scalars(
        select(Person.person_id).where(untold).order_by(Person.person_id).limit(MOST_AT_ONCE)
    )
    return [TellRelations(person_id=one) for one in person_ids]


def _is_kept(source: str) -> ColumnElement[bool]:
    return exists().where(
        RelationVersion.person_id == Person.person_id, RelationVersion.source == source
    )


def offers(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each offer of help on a case, and the answer."""
    return [
        {
            "support": offer.support,
            "offered_on": offer.offered_on,
            "offered_by_role": offer.offered_by_role,
            "answer": offer.answer,
            "person_words": offer.person_words,
        }
        for offer in SupportOffer.of(referral_id, session=session)
    ]


def worker_changes(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each request for another worker on a case, and the answer with its reasons."""
    asked = select(WorkerChange).where(WorkerChange.referral_id == referral_id)
    return [
        {
            "request_id": one.request_id,
            "role": one.role,
            "person_words": one.person_words,
            "asked_by_role": one.asked_by_role,
            "requested_at": one.requested_at,
            "is_agreed": one.is_agreed,
            "reasons": one.reasons,
            "answered_at": one.answered_at,
        }
        for one in session.scalars(asked.order_by(WorkerChange.requested_at))
    ]
