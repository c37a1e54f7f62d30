"""What a provider is given, what its answers and its receipts mean."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.letters.rules import Letter

NHS_NOTIFY = "nhs-notify"  # finds people by NHS number, and cannot be asked for a reference
TAKEN_BEFORE = "reference:"  # begins an id that stands for one which a receipt has yet to bring
DELIVERED = "delivered"
# The words for what arrived; a letter is received when it was printed and posted.
ARRIVED = frozenset({DELIVERED, "received"})
PERMANENT_FAILURE = "permanent_failure"
# The providers' words for what did not arrive, and ours.
FAILURES: Mapping[str, str] = {
    "permanent-failure": PERMANENT_FAILURE,
    "temporary-failure": "temporary_failure",
    "technical-failure": "technical_failure",
    "failed": "failed_there",  # NHS Notify, by every channel of its plan
    "validation-failed": "validation_failed",  # this and the next two: of letters
    "virus-scan-failed": "virus_scan_failed",
    "cancelled": "cancelled_there",
}
MOST_ADDRESS_LINES = 7
_NO_START_OF_A_LINE = tuple('@()=[]"”\\/,<>~')  # a letter's lines must not begin with these


class CallOutcome(enum.StrEnum):
    """What a call to a provider came to, by its cause."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # it will never send it
    NOT_SENT = "not_sent"  # certainly, for now
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message as a provider needs it."""

    reference: str  # our delivery's id
    channel: str
    to: Sequence[str]  # a number, an address, or the lines of one
    subject: str | None
    body: str
    pdf: bytes | None = None  # a letter as it is printed, with the address in its window
    letter: Letter | None = None  # that is still to be printed, before the provider is called
    unsubscribe_url: str | None = None  # of an e-mail, for one click
    nhs_number: str | None = None  # for a provider that finds people by it
    is_to_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider has it, under this id."""

    provider_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider will never send it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotToday:
    """The provider did not take it, and takes none before ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCalled:
    """It was not to be sent any more, and the provider was not called."""


Answer = Accepted | Refused | NotToday | NotCalled


def address_lines(name: str, lines: Sequence[str]) -> list[str]:
    """Return a postal address as a letter needs it: the name, at most five lines, the postcode.

    Nothing is lost: lines too many are joined, and a name that begins as no line may gets a
    word before it.
    """
    addressee = f"To {name}" if name.startswith(_NO_START_OF_A_LINE) else name
    *street, postcode = [line.strip() for line in lines if line.strip()]
    room = MOST_ADDRESS_LINES - 2
    if len(street) > room:
        street = [*street[: room - 1], ", ".join(street[room - 1 :])]
    return [addressee, *street, postcode]


def is_absence_certain(*, called_at: datetime | None, at: datetime, after_seconds: int) -> bool:
    """Tell whether a provider that knows nothing of a delivery certainly never got it.

    A request may still be on its way, or be stored after the provider gave up answering.

    Args:
        called_at: when the delivery was last sent, or None if it never was.
        at: now, by the same clock.
        after_seconds: how long a request can take to be stored.
    """
    return called_at is None or at - called_at >= timedelta(seconds=after_seconds)


def task_due_within(*, is_critical: bool) -> timedelta:
    """Return how long somebody has to tell what no channel could: our own policy."""
    return timedelta(hours=4) if is_critical else timedelta(days=2)
