"""What can go wrong, whose it is, by when they look, and how it can end."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Refusal


class ExceptionKind(enum.StrEnum):
    """What happened. At most 32 letters; add one beside how it is handled."""

    OVER_CAPTURE = "over_capture"
    UNREADABLE_EVENT = "unreadable_event"
    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_TRANSFER = "unknown_transfer"
    TRANSFER_PAID_AFTER_FAILURE = "transfer_paid_after_failure"


class Resolution(enum.StrEnum):
    """How somebody ended it."""

    ACCEPTED = "accepted"  # it is right as it is
    DISPUTED = "disputed"  # the network is asked for the money back
    REFUND_ASKED = "refund_asked"  # the payee is asked for the money back
    CORRECTED = "corrected"  # what was wrong was put right, here or outside
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Whose an exception is, by when they look, what its task says and how it can end."""

    role: str
    within: timedelta
    words: str  # read by staff: it names nobody
    resolutions: frozenset[Resolution]


_MONEY = frozenset({Resolution.ACCEPTED, Resolution.DISPUTED, Resolution.REFUND_ASKED})
_RECORDS = frozenset({Resolution.CORRECTED, Resolution.NOT_OURS})

# The days are our own policy: each organisation sets its own.
HANDLING: Mapping[ExceptionKind, Handling] = {
    ExceptionKind.OVER_CAPTURE: Handling(
        role="broker",
        within=timedelta(days=5),
        words="A shop took more than was agreed. Ask it why; accept, ask for it back or dispute.",
        resolutions=_MONEY,
    ),
    ExceptionKind.UNREADABLE_EVENT: Handling(
        role="on_duty",
        within=timedelta(days=1),
        words="The issuer or the bank told something in a form that is not known here.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.UNKNOWN_CARD: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="The issuer tells of a card that is none of ours. Money may have moved.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.UNKNOWN_TRANSFER: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="The bank tells of a transfer that is none of ours. Money may have moved.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.TRANSFER_PAID_AFTER_FAILURE: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="The bank paid a transfer that it had called failed. See that nobody is paid twice.",
        resolutions=_MONEY | _RECORDS,
    ),
}


class AlreadyResolvedError(Refusal):
    """Somebody ended it in another way before."""

    code = "already_resolved"
    next_step = "Look the exception up: it says who ended it, and how."


class ResolutionNotPossibleError(Refusal):
    """An exception of one kind cannot end in every way."""

    code = "resolution_not_possible"
    next_step = "Choose one of the ways in which this kind of exception can end."


def check_resolution(kind: ExceptionKind, resolution: Resolution) -> None:
    """See that an exception of this kind can end in this way.

    Raises:
        ResolutionNotPossibleError: it cannot.
    """
    possible = HANDLING[kind].resolutions
    if resolution not in possible:
        raise ResolutionNotPossibleError(
            "This kind of exception cannot end in this way.", possible=", ".join(sorted(possible))
        )
