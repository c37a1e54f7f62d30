"""A partner that lost what it was told is told it again."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.partners import partnership
from services.partners.outbound import handlers, queries
from services.partners.outbound.commands import Replay
from services.partners.outbound.models import HeardEvent
from shared.errors import NotFoundError, Refusal
from shared.trace import Trace

MOST = 10_000  # that happened in the period of one replay


class TooMuchAtOnceError(Refusal):
    """A part of it would be left out in silence."""

    code = "too_much_at_once"
    next_step: ClassVar[str] = "Ask for a shorter period, and for the rest after that."


def replay(command: Replay, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Send again, in order and under the same ids, what a partner may hear of today.

    Raises:
        NotFoundError: there is no such partner.
        TooMuchAtOnceError: more happened in that time than is told again in one go.
    """
    known = partnership.current()
    agreement = known.register.agreements.get(command.partner)
    if agreement is None:
        raise NotFoundError("There is no such partner.", partner=command.partner)
    sent = sum(
        handlers.again(
            heard,
            agreement,
            known.outgoing[heard.event_type],
            gateway_url=known.gateway_url,
            session=session,
            trace=trace,
        )
        for heard in _asked_for(command, session=session)
    )
    return {"replay_id": command.replay_id, "sent": sent}


def _asked_for(command: Replay, *, session: Session) -> list[HeardEvent]:
    if command.person_id is not None:
        found = queries.about_person(command.person_id, since=command.since, session=session)
        return [one for one in found if command.until is None or one.occurred_at < command.until]
    period = select(HeardEvent).where(HeardEvent.occurred_at >= command.since)
    if command.until is not None:
        period = period.where(HeardEvent.occurred_at < command.until)
    found = list(session.scalars(period.order_by(HeardEvent.position).limit(MOST + 1)))
    if len(found) > MOST:
        raise TooMuchAtOnceError("More happened in that time than is told again in one go.")
    return found
