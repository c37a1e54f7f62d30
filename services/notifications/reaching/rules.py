"""The next step with a message: by which channels it may go now, or why it may not."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notifications.people.rules import Channel

LARGE_PRINT = "large_print"


class Reason(enum.StrEnum):
    """Why a message waits, or ended without being delivered. Others are a provider's."""

    NO_CHANNEL = "no_channel"  # nothing reaches the person
    CANNOT_BE_SAID = "cannot_be_said"  # by no channel, in the language and format they need
    DECEASED = "deceased"
    DAILY_LIMIT = "daily_limit"  # the provider takes no more today
    NOT_BY_THIS_CHANNEL = "not_by_this_channel"  # any more: it was planned when that was right
    DELIVERED_BEFORE = "delivered_before"  # by another channel, as we heard meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that is known now of how a person may be written to."""

    is_dead: bool
    order: Sequence[Channel]  # by which they want to be reached, the first one first
    usable: frozenset[Channel]  # with an address, and safe
    language: str
    accessible_format: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be said, as far as the way it goes depends on it."""

    topic: str
    allowed: Collection[Channel]
    is_critical: bool
    tried: Collection[Channel] = field(default=frozenset())  # that failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """It may go by any of these, the best one first."""

    channels: Sequence[Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """It is not sent, for good: nothing is said, or somebody must say it in another way."""

    reason: Reason
    is_for_somebody: bool  # whether a person has to see to it


Step = Send | Stop


def next_step(standing: Standing, wanted: Wanted, *, at: datetime) -> Step:
    """Return what may be done with a message at an instant."""
    if standing.is_dead:
        return Stop(reason=Reason.DECEASED, is_for_somebody=False)
    order = _in_order(standing, wanted)
    left = [channel for channel in order if channel in standing.usable]
    left = [channel for channel in left if channel not in wanted.tried]
    if not left:
        return Stop(reason=Reason.NO_CHANNEL, is_for_somebody=True)
    return Send(channels=left)


def _in_order(standing: Standing, wanted: Wanted) -> list[Channel]:
    """Return the channels that may say it, as the person wants them.

    What is only said in writing comes in large print, if they need that, so by letter first.
    """
    order = [channel for channel in standing.order if channel in wanted.allowed]
    is_written_only = Channel.SMS not in wanted.allowed
    if is_written_only and standing.accessible_format == LARGE_PRINT:
        order.sort(key=lambda channel: channel is not Channel.LETTER)
    return order
