"""Asking by errand, and letting the answer go the way of every event: kept raw, then applied."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.payments.authorisations import handlers as authorisations
from services.payments.authorisations.models import Authorisation
from services.payments.fetching import rules
from services.payments.fetching.commands import FetchAuthorisation, ListEvents
from services.payments.fetching.models import EventListing
from services.payments.issuer_events import handlers as issuer_events
from services.payments.issuer_events.wire import FETCHED
from shared.messaging import errands
from shared.trace import Trace

FETCH_AUTHORISATION = authorisations.FETCH_AUTHORISATION
LIST_EVENTS = "list_events"

log = structlog.get_logger()


def ask_for(command: FetchAuthorisation, *, session: Session, trace: Trace) -> None:
    """Have the issuer asked how an authorisation stands; again in an hour if that fails."""
    found = session.get(Authorisation, command.authorisation_id, with_for_update=True)
    if found is None or found.look_at > trace.at:
        return
    found.look_at = trace.at + rules.ASKED_AGAIN_AFTER
    authorisations.fetch(command.authorisation_id, session=session, trace=trace)


def record_authorisation(
    answer: Mapping[str, Any], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep what the issuer answered; where it knows of none, nothing is claimed."""
    if answer["object"] is None:
        authorisations.never_was(arguments["authorisation_id"], session=session, trace=trace)
        return
    document = {
        "id": f"fetched_{uuid4().hex}",
        "type": FETCHED,
        "read_at": answer["read_at"],
        "data": {"object": answer["object"]},
    }
    issuer_events.keep(document, session=session, trace=trace)


def authorisation_not_fetched(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep what is held: the next look asks again."""


def ask_for_undelivered(command: ListEvents, *, session: Session, trace: Trace) -> None:
    """Have the issuer asked for events that it could not deliver."""
    listing = session.get(EventListing, 1, with_for_update=True)
    if listing is None:
        listing = EventListing()
        session.add(listing)
    elif not rules.is_due(at=trace.at, listed_at=listing.asked_at):
        return
    listing.asked_at = trace.at
    arguments = {
        "since": command.since.isoformat(),
        "asked_at": trace.at.isoformat(),
        "after": None,
    }
    errands.add(session, LIST_EVENTS, arguments, trace=trace)


def record_events(
    answer: Mapping[str, Any], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep a page of events, as if they had been delivered, and ask for the next."""
    for document in answer["events"]:
        try:
            issuer_events.keep(document, session=session, trace=trace)
        except ValidationError:
            log.exception("listed_event_unreadable")
    if answer["after"] is not None:
        errands.add(session, LIST_EVENTS, {**arguments, "after": answer["after"]}, trace=trace)
        return
    listing = session.get_one(EventListing, 1, with_for_update=True)
    listing.listed_at = datetime.fromisoformat(arguments["asked_at"])


def events_not_listed(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Go on from where the last whole listing began: the next look asks again."""
