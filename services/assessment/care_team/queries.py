"""What a person was offered, and what they asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.care_team.commands import EndAccess, TellNumber
from services.assessment.care_team.models import SupportOffer, WorkerChange
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
