"""The next step with a message: by which channels it may go now, or why it may not."""

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notifications.people.rules import Channel

LARGE_PRINT = "large_print"


class Reason(enum.StrEnum):
    """Why a message waits, or ended without being delivered. Others are a provider's."""

    NO_CHANNEL = "no_channel"  # nothing reaches the person
    CANNOT_BE_SAID = "cannot_be_said"  # by no channel, in the language and format they need
    DECEASED = "deceased"
    NOT_INVOLVED = "not_involved"  # they act for the person or work with them no more, or said no
    CANCELLED = "cancelled"  # somebody took it back
    NOT_KNOWN_YET = "not_known_yet"  # a colleague who was to hear; looked for again
    NOBODY_NAMED = "nobody_named"  # nor for two weeks after
    DECLINED = "declined"  # the person does not want to hear of this topic
    QUIET_HOURS = "quiet_hours"
    SAFEGUARDING = "safeguarding"  # never shown to the person
    UNSAFE_HOURS = "unsafe_hours"  # the person said when contact is safe; never shown, either
    DAILY_LIMIT = "daily_limit"  # the provider takes no more today
    NOT_BY_THIS_CHANNEL = "not_by_this_channel"  # any more: it was planned when that was right
    NOT_AS_WORDED = "not_as_worded"  # they need another language or format by now
    DELIVERED_BEFORE = "delivered_before"  # by another channel, as we heard meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that is known now of how a person may be written to."""

    is_dead: bool
    order: Sequence[Channel]  # by which they want to be reached, the first one first
    usable: frozenset[Channel]  # with an address, and safe
    suppressed: frozenset[Channel]  # that must not be used
    held: frozenset[Channel]  # by which nothing may go now, for the person's safety
    declined: frozenset[str]  # topics of which they do not want to hear
    quiet_until: datetime | None  # none: it is not quiet now
    unsafe_until: datetime | None  # none: nobody else looks at phone and e-mails now
    language: str
    accessible_format: str | None
    is_involved: bool = True  # always, of the person; of others as it is now


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be said, as far as the way it goes depends on it."""

    topic: str
    allowed: Collection[Channel]
    is_critical: bool
    tried: Collection[Channel] = field(default=frozenset())  # that failed
    # Whose providers take no more before an instant that is still to come.
    put_off: Mapping[Channel, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """It may go by any of these, the best one first."""

    channels: Sequence[Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """It is not sent, for good: nothing is said, or somebody must say it in another way."""

    reason: Reason
    is_for_somebody: bool  # whether a person has to see to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """It may not be sent now; the question is asked again."""

    reason: Reason
    until: datetime | None


Step = Send | Wait | Stop


def next_step(standing: Standing, wanted: Wanted) -> Step:
    """Return what may be done with a message now.

    A safeguarding hold beats everything. What is critical cannot be declined and does not wait
    for the morning, but for the hours in which contact is safe.
    """
    if standing.is_dead:
        return Stop(reason=Reason.DECEASED, is_for_somebody=False)
    if not standing.is_involved:
        return Stop(reason=Reason.NOT_INVOLVED, is_for_somebody=False)
    if standing.held == frozenset(Channel):
        return Wait(reason=Reason.SAFEGUARDING, until=None)
    if wanted.topic in standing.declined and not wanted.is_critical:
        return Stop(reason=Reason.DECLINED, is_for_somebody=False)
    return _next_channel(standing, wanted)


def _next_channel(standing: Standing, wanted: Wanted) -> Step:
    """Return by which channels it may go; a held one is waited for when no other is left."""
    usable = standing.usable - standing.suppressed - frozenset(wanted.tried)
    left = [channel for channel in _in_order(standing, wanted) if channel in usable]
    if not left:
        return Stop(reason=Reason.NO_CHANNEL, is_for_somebody=True)
    free = [channel for channel in left if channel not in standing.held]
    if not free:
        return Wait(reason=Reason.SAFEGUARDING, until=None)
    ready = [channel for channel in free if channel not in wanted.put_off]
    if not ready or (ready != free and not wanted.is_critical):  # that waits for the better one
        full = [wanted.put_off[channel] for channel in free if channel in wanted.put_off]
        return Wait(reason=Reason.DAILY_LIMIT, until=min(full))
    if standing.unsafe_until is not None and ready[0] is not Channel.LETTER:
        return Wait(reason=Reason.UNSAFE_HOURS, until=standing.unsafe_until)
    if standing.quiet_until is not None and not wanted.is_critical:
        return Wait(reason=Reason.QUIET_HOURS, until=standing.quiet_until)
    return Send(channels=ready)


def _in_order(standing: Standing, wanted: Wanted) -> list[Channel]:
    """Return the channels that may say it, as the person wants them.

    What is only said in writing comes in large print, if they need that, so by letter first.
    """
    order = [channel for channel in standing.order if channel in wanted.allowed]
    is_written_only = Channel.SMS not in wanted.allowed
    if is_written_only and standing.accessible_format == LARGE_PRINT:
        order.sort(key=lambda channel: channel is not Channel.LETTER)
    return order
