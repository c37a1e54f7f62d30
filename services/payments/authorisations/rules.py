"""Which of two snapshots is newer, and what an authorisation amounts to."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from shared.errors import NotFoundError


class UnknownCardError(NotFoundError):
    """The issuer speaks of a card that is none of ours."""

    code = "unknown_card"


class AuthorisationStatus(enum.StrEnum):
    PENDING = "pending"
    CLOSED = "closed"
    REVERSED = "reversed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How the issuer saw an authorisation at one moment."""

    is_approved: bool
    status: AuthorisationStatus
    amount_pence: int
    request_count: int  # how often somebody was asked: it only grows
    confirmed_count: int  # those among them that we approved in time
    transaction_count: int  # it only grows

    @property
    def is_pending(self) -> bool:
        return self.status is AuthorisationStatus.PENDING


def is_newer(seen: Snapshot, known: Snapshot | None) -> bool:
    """Whether ``seen`` is a later view than ``known``; events arrive in any order.

    Requests and transactions only grow, and an end is final. Where all of these are equal
    something was given back, so the smaller amount is the later one.
    """
    return known is None or _age(seen) > _age(known)


def _age(snapshot: Snapshot) -> tuple[int, int, bool, int]:
    return (
        snapshot.request_count,
        snapshot.transaction_count,
        not snapshot.is_pending,
        -snapshot.amount_pence,
    )


def authorised_pence(snapshot: Snapshot | None, approvals_pence: Sequence[int]) -> int:
    """Return what an authorisation may still claim, before captures.

    What we approved counts from the moment of our answer: the issuer's own words come later.

    Args:
        snapshot: the issuer's newest view, if there is one.
        approvals_pence: what we approved, request by request, in order.
    """
    if snapshot is None:
        return sum(approvals_pence)
    if not snapshot.is_pending:
        return 0
    confirmed = snapshot.amount_pence if snapshot.is_approved else 0
    return confirmed + sum(approvals_pence[snapshot.confirmed_count :])
