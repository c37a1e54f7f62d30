"""What is heard of the other services, and told to partners."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from access import relations
from services.partners import partnership
from services.partners.outbound import handlers, queries
from services.partners.outbound.models import BudgetFunder, HeardEvent, KnownBudget
from shared.contracts.assessment.consent import SharingChanged
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged
from shared.contracts.budget.contributions import ContributionCalled
from shared.contracts.catalogue import SCHEMAS
from shared.contracts.event import DataClass, Event
from shared.trace import Trace


def hear(event: Event, *, session: Session, trace: Trace) -> None:
    """Keep an event, and tell the partners that may hear of it."""
    details = SCHEMAS[event.event_type].dump(event)
    for own in ("event_id", "occurred_at"):
        details.pop(own)
    heard = HeardEvent(
        event_id=event.event_id,
        event_type=event.event_type,
        subject=event.subject,
        person_id=_id(details, "person_id"),
        budget_id=_id(details, "budget_id"),
        funder_id=_id(details, "funder_id"),
        occurred_at=event.occurred_at,
        correlation_id=trace.correlation_id,
        is_personal=event.data_class is DataClass.PERSONAL,
        sequence=details.get("version"),
        details=json.dumps(details).encode(),
    )
    session.add(heard)
    session.flush()
    _learn(heard, event, session=session, trace=trace)
    _tell(heard, session=session, trace=trace)


def keep_care_team(event: CareTeamChanged, *, session: Session, trace: Trace) -> None:
    """Keep who works with a person; who came to it with this hears of what came since."""
    if relations.keep_care_team(event, session=session, trace=trace):
        _tell_since(event, session=session, trace=trace)


def keep_sharing(event: SharingChanged, *, session: Session, trace: Trace) -> None:
    """Keep with whom a person shares: they hear from then on, and no more once it has ended."""
    if relations.keep_sharing(event, session=session, trace=trace):
        _tell_since(event, session=session, trace=trace)


def keep_merged(event: PeopleMerged, *, session: Session, trace: Trace) -> None:
    """Keep that two ids are one person's, and tell of it."""
    relations.keep_merged(event, session=session, trace=trace)
    hear(event, session=session, trace=trace)


def _learn(heard: HeardEvent, event: Event, *, session: Session, trace: Trace) -> None:
    """Keep whose budget it is and who pays; what was heard too early is told now."""
    if heard.budget_id is None:
        return
    rows: list[tuple[Any, dict[str, Any]]] = []
    if heard.person_id is not None:
        known = {"budget_id": heard.budget_id, "person_id": heard.person_id}
        rows.append((KnownBudget, known))
    if isinstance(event, ContributionCalled):
        funder = {"budget_id": heard.budget_id, "funder_id": event.funder_id}
        rows.append((BudgetFunder, funder))
    for model, values in rows:
        learn = insert(model).on_conflict_do_nothing().returning(model.budget_id)
        if session.execute(learn, values).first() is not None:
            for early in queries.about_budget(heard.budget_id, session=session):
                _tell(early, session=session, trace=trace)


def _tell_since(event: CareTeamChanged | SharingChanged, *, session: Session, trace: Trace) -> None:
    """Tell what was heard of a person before it was known who may hear of it."""
    session.flush()
    about = queries.about_person(event.person_id, since=event.occurred_at, session=session)
    for heard in about:
        _tell(heard, session=session, trace=trace)


def _tell(heard: HeardEvent, *, session: Session, trace: Trace) -> None:
    known = partnership.current()
    handlers.tell(
        heard,
        agreements=known.register.agreements.values(),
        outgoing=known.outgoing[heard.event_type],
        gateway_url=known.gateway_url,
        session=session,
        trace=trace,
    )


def _id(details: dict[str, Any], name: str) -> UUID | None:
    value = details.get(name)
    return None if value is None else UUID(value)
