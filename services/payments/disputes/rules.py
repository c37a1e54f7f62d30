"""When money can be asked back through the network, and what became of it."""

import enum
from datetime import datetime, timedelta

from shared.errors import NotFoundError, Refusal

# Counted from when we heard of the capture. An older page of Stripe's says 110 days from when it
# was processed: to be confirmed with the issuer.
WINDOW = timedelta(days=110)
WARN_BEFORE = timedelta(days=14)  # local policy


class Reason(enum.StrEnum):
    """Why: the issuer's eight, in our spelling."""

    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"
    NOT_AS_DESCRIBED = "merchandise_not_as_described"
    NOT_AUTHORISED = "no_valid_authorisation"
    NOT_RECEIVED = "not_received"
    OTHER = "other"
    SERVICE_NOT_AS_DESCRIBED = "service_not_as_described"


class DisputeState(enum.StrEnum):
    """Where a dispute stands."""

    DRAFT = "draft"
    SENT = "sent"  # by us; the issuer has not confirmed it yet
    SUBMITTED = "submitted"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"  # its last day went by
    WITHDRAWN = "withdrawn"


OPEN = (DisputeState.DRAFT, DisputeState.SENT, DisputeState.SUBMITTED)
NOT_SENT = (DisputeState.DRAFT,)
# Money that a shop gave back by itself: the network then closes the dispute as lost, and it is not.
REFUND_ISSUED = "refund_issued"


class IssuerStatus(enum.StrEnum):
    """Where the issuer says that a dispute stands."""

    UNSUBMITTED = "unsubmitted"
    SUBMITTED = "submitted"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"

    @classmethod
    def of(cls, wire: str) -> "IssuerStatus":
        """Read a status; one that is new to us is open until we know better."""
        return cls(wire) if wire in list(cls) else cls.SUBMITTED


_RANKS = {
    IssuerStatus.UNSUBMITTED: 0,
    IssuerStatus.SUBMITTED: 1,
    IssuerStatus.WON: 2,
    IssuerStatus.LOST: 2,
    IssuerStatus.EXPIRED: 2,
}
_ENDS = {
    IssuerStatus.WON: DisputeState.WON,
    IssuerStatus.LOST: DisputeState.LOST,
    IssuerStatus.EXPIRED: DisputeState.EXPIRED,
}


class DisputeNotFoundError(NotFoundError):
    """There is no such dispute."""

    code = "dispute_not_found"


class UnknownPresentmentError(NotFoundError):
    """The issuer speaks of a dispute about a capture that is not known here, or not yet."""

    code = "unknown_presentment"


class NotDisputableError(Refusal):
    """Only a capture of this purchase can be disputed, and once."""

    code = "not_disputable"
    next_step = "Name a capture of this purchase that is not disputed yet."


class DisputeTooLateError(Refusal):
    """The last day has gone by."""

    code = "dispute_too_late"
    next_step = "Ask the shop for the money, or have a finance manager write it off."


class NothingToDisputeError(Refusal):
    """The shop has given the money back."""

    code = "already_refunded"
    next_step = "Withdraw the dispute if it was drafted: the money is here."


class DisputeNotOpenError(Refusal):
    """It was sent, or it has ended."""

    code = "dispute_not_open"
    next_step = "Look the dispute up: it says where it stands."


def submit_by(heard_at: datetime) -> datetime:
    """Return the instant until which a capture can be disputed."""
    return heard_at + WINDOW


def check_time(*, at: datetime, until: datetime) -> None:
    """See that there is time left.

    Raises:
        DisputeTooLateError: there is none.
    """
    if at >= until:
        raise DisputeTooLateError("The last day for a dispute of this capture has gone by.")


def disputable_pence(*, amount_pence: int, refunded_pence: int) -> int:
    """Return how much of a capture can be asked back: what the shop gave back by itself cannot.

    Raises:
        NothingToDisputeError: all of it has come back.
    """
    left = amount_pence - refunded_pence
    if left <= 0:
        raise NothingToDisputeError("The shop has given this money back.")
    return left


def age(status: IssuerStatus, steps: int) -> tuple[int, int]:
    """Return what only grows in the life of a dispute; events arrive in any order."""
    return _RANKS[status], steps


def state_at(status: IssuerStatus, known: DisputeState) -> DisputeState:
    """Return where a dispute stands when the issuer says this of it."""
    if status is IssuerStatus.UNSUBMITTED:
        return known
    return _ENDS.get(status, DisputeState.SUBMITTED)


def is_for_a_person(state: DisputeState, loss_reason: str | None) -> bool:
    """Whether somebody has to decide who bears what did not come back."""
    return state in {DisputeState.LOST, DisputeState.EXPIRED} and loss_reason != REFUND_ISSUED
