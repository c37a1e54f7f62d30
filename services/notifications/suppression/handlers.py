"""Somebody is written to no more by a channel, or again."""

from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.notifications.people.digests import digest
from services.notifications.people.models import Person, surviving_id
from services.notifications.suppression.commands import (
    LiftSuppression,
    Suppress,
    SuppressPersons,
)
from services.notifications.suppression.models import Suppression
from shared.errors import NotFoundError, NotKnownYetError, Refusal
from shared.trace import Trace


class NoAddressError(Refusal):
    """The person has no address for this channel that could be suppressed."""

    code = "no_address"
    next_step = "Suppress the channel for the person instead of the address."


def suppress(command: Suppress, *, session: Session, trace: Trace) -> None:
    """Suppress an address or a person, unless the same is in force for the same reason."""
    same = (
        select(Suppression)
        .where(Suppression.channel == command.channel, Suppression.reason == command.reason)
        .where(Suppression.address_digest.is_not_distinct_from(command.address_digest))
        .where(Suppression.person_id.is_not_distinct_from(command.person_id))
        .where(Suppression.lifted_at.is_(None))
        .where(or_(Suppression.until.is_(None), Suppression.until > trace.at))
    )
    if session.scalars(same.limit(1)).first() is not None:
        return
    suppression = Suppression(
        suppression_id=uuid4(),
        channel=command.channel,
        address_digest=command.address_digest,
        person_id=command.person_id,
        reason=command.reason,
        source=command.source,
        since=trace.at,
        until=command.until,
    )
    session.add(suppression)


def suppress_persons(command: SuppressPersons, *, session: Session, trace: Trace) -> None:
    """Suppress a person's channel, or the address that they have for it now.

    Raises:
        NotKnownYetError: this person has not arrived here yet.
        NoAddressError: they have no such address.
    """
    person_id = surviving_id(command.person_id, session=session)
    person = session.get(Person, person_id)
    if person is None:
        raise NotKnownYetError("This person is not known here yet.", person_id=str(person_id))
    address = person.addresses.get(command.channel)
    if command.is_of_address and address is None:
        raise NoAddressError("There is no such address.", channel=command.channel.value)
    is_of_address = command.is_of_address and address is not None
    suppression = Suppress(
        channel=command.channel,
        address_digest=digest(command.channel, address or "") if is_of_address else None,
        person_id=None if is_of_address else person_id,
        reason=command.reason,
        until=command.until,
        source=f"staff/{command.set_by}",
    )
    suppress(suppression, session=session, trace=trace)


def lift_suppression(command: LiftSuppression, *, session: Session, trace: Trace) -> None:
    """Lift a suppression; lifted twice, the first time counts.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(Suppression, command.suppression_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such suppression.")
    if found.lifted_at is None:
        found.lifted_at, found.lifted_by = trace.at, command.lifted_by
