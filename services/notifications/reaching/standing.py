"""Reads, in one transaction, all on which the way of a message depends."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.audiences.rules import Recipient
from services.notifications.choices.bank_holidays import bank_holidays
from services.notifications.choices.models import Choice
from services.notifications.choices.rules import (
    WORKING_HOURS,
    OpenHours,
    london_day,
    next_opening,
    next_safe,
)
from services.notifications.forms.rules import ENGLISH
from services.notifications.people.digests import digest
from services.notifications.people.models import Death, Person, every_id
from services.notifications.people.rules import (
    STAFF,
    Audience,
    Channel,
    format_code,
    usual_order,
)
from services.notifications.reaching.rules import Standing
from services.notifications.safeguarding.models import SafeguardingHold
from services.notifications.suppression.models import Suppression
from services.notifications.suppression.rules import SAID_NO


def standing_of(person_id: UUID, *, at: datetime, session: Session) -> Standing:
    """Return how a person may be written to now, by what is known under any of their ids."""
    ids = every_id(person_id, session=session)
    person = session.get_one(Person, ids[0])
    choice = Choice.newest(ids, session=session)
    hours = choice.open_hours if choice else OpenHours()
    return Standing(
        is_dead=Death.is_known(person_id, session=session),
        order=choice.order if choice else usual_order(person.preferred_channel),
        usable=_usable(person, choice),
        suppressed=frozenset(
            one.channel
            for one in Suppression.in_force(person.addresses, ids, at=at, session=session)
        ),
        held=SafeguardingHold.held_channels(ids, session=session),
        declined=frozenset(choice.declined_topics if choice else ()),
        quiet_until=next_opening(hours, at=at, bank_holidays=bank_holidays()),
        unsafe_until=_unsafe_until(person, at=at),
        language=(choice and choice.language) or person.language,
        accessible_format=format_code(
            (choice and choice.accessible_format) or person.accessible_format
        ),
    )


def standing_of_other(
    recipient: Recipient | None,
    *,
    audience: Audience,
    person_id: UUID,
    at: datetime,
    session: Session,
) -> Standing:
    """Return how somebody may be written to now of what concerns a person.

    A hold on the person, of whichever channel, keeps what concerns them from everybody but
    staff, who are written to in working hours, whether or not the person lives. Whoever said
    that they want no more is not concerned any more.

    Args:
        recipient: who it is; none: they are not concerned with the person any more.
        audience: as what they are told.
        person_id: any id of the person.
        at: now, aware.
        session: of the transaction.
    """
    ids = every_id(person_id, session=session)
    is_staff = audience in STAFF
    addresses: Mapping[Channel, str] = recipient.addresses if recipient else {}
    is_held = not is_staff and bool(SafeguardingHold.held_channels(ids, session=session))
    hours = WORKING_HOURS if is_staff else OpenHours()
    suppressed = Suppression.in_force(addresses, (), at=at, session=session)
    return Standing(
        is_dead=not is_staff and Death.is_known(person_id, session=session),
        is_involved=recipient is not None and not any(one.reason in SAID_NO for one in suppressed),
        order=[Channel.EMAIL, Channel.SMS],
        usable=frozenset(addresses),
        suppressed=frozenset(one.channel for one in suppressed),
        held=frozenset(Channel) if is_held else frozenset(),
        declined=frozenset(),
        quiet_until=next_opening(hours, at=at, bank_holidays=bank_holidays()),
        unsafe_until=None,
        language=ENGLISH,
        accessible_format=None,
    )


def _usable(person: Person, choice: Choice | None) -> frozenset[Channel]:
    """Return the channels that reach a person and are safe.

    A choice that texts are safe was made for one number: of another one, assessment must have
    told that it is. A choice that they are not holds for every number. What the person said to
    assessment on the day of their choice or later goes before a yes.
    """
    usable = person.usable_channels
    if choice is None or not person.mobile:
        return usable
    said_on = person.safe_contact_said_on
    is_newer = said_on is None or said_on < london_day(choice.chosen_at)
    is_same = is_newer and choice.safe_mobile == digest(Channel.SMS, person.mobile)
    if choice.is_safe_to_text and (is_same or person.is_safe_to_text):
        return usable | {Channel.SMS}
    return usable - {Channel.SMS}


def _unsafe_until(person: Person, *, at: datetime) -> datetime | None:
    if person.safe_from is None or person.safe_until is None:
        return None
    return next_safe(person.safe_from, person.safe_until, at=at)
