"""Who may hear of what concerns a person, beside the person."""

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.notifications.people.rules import Channel


class Concern(enum.StrEnum):
    """What a message is about, as far as it matters to who acts for a person."""

    MONEY = "money"
    PLAN = "plan"
    OTHER = "other"


# To be confirmed by whoever runs this: these act by a document of their own, and hear without
# being chosen. An appointee's power covers benefits, so that one needs the person's yes as well.
LEGAL_POWERS = frozenset({"attorney", "deputy"})
EVERYTHING = "receive_messages"
SCOPES_FOR: Mapping[Concern, frozenset[str]] = {
    Concern.MONEY: frozenset({EVERYTHING, "manage_money"}),
    Concern.PLAN: frozenset({EVERYTHING, "sign_plan"}),
    Concern.OTHER: frozenset({EVERYTHING}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody who may act for a person between two days."""

    representative_id: UUID
    kind: str
    name: str
    scopes: Sequence[str]
    starts_on: date
    ends_on: date | None  # the last day
    email: str | None
    mobile: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """To whom a message goes: where they are reached now."""

    recipient_id: UUID
    name: str
    email: str | None
    mobile: str | None = None
    address_lines: Sequence[str] = ()

    @property
    def addresses(self) -> dict[Channel, str]:
        """The address for each channel that has one, in one line."""
        known = {
            Channel.SMS: self.mobile,
            Channel.EMAIL: self.email,
            Channel.LETTER: " ".join(self.address_lines),
        }
        return {channel: address for channel, address in known.items() if address}


def may_hear(one: Acting, *, concern: Concern, on_day: date, copied: Collection[UUID]) -> bool:
    """Tell whether somebody who acts for a person hears of something on a day.

    Their appointment must be in force and its scopes must cover it. Without a legal power the
    person must have chosen that they are copied.
    """
    is_present = one.starts_on <= on_day and (one.ends_on is None or on_day <= one.ends_on)
    is_in_scope = not SCOPES_FOR[concern].isdisjoint(one.scopes)
    return (
        is_present and is_in_scope and (one.kind in LEGAL_POWERS or one.representative_id in copied)
    )
