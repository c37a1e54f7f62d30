"""Which of two snapshots is newer, what an authorisation amounts to, and what is odd about it."""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases.rules import CardClaims
from shared.errors import NotFoundError


class UnknownCardError(NotFoundError):
    """The issuer speaks of a card that is none of ours."""

    code = "unknown_card"


class AuthorisationStatus(enum.StrEnum):
    PENDING = "pending"
    CLOSED = "closed"
    REVERSED = "reversed"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"  # we asked, and the issuer has none of this id


# What ended without us: a capture that was not in it then comes late.
GIVEN_BACK = (AuthorisationStatus.REVERSED, AuthorisationStatus.EXPIRED)


class Outcome(enum.StrEnum):
    """How the network answered the shop to one request of an authorisation, in their order."""

    OURS = "ours"  # yes, as we said
    UNASKED = "unasked"  # yes, by somebody in our place: stand-in, or a default after a timeout
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How the issuer saw an authorisation at one moment."""

    is_approved: bool
    status: AuthorisationStatus
    amount_pence: int  # authorised in all, before captures
    requests: Sequence[Outcome]  # it only grows
    transaction_count: int  # it only grows

    @property
    def is_pending(self) -> bool:
        return self.status is AuthorisationStatus.PENDING


NEVER_WAS = Snapshot(
    is_approved=False,
    status=AuthorisationStatus.NOT_FOUND,
    amount_pence=0,
    requests=(),
    transaction_count=0,
)


def is_newer(seen: Snapshot, known: Snapshot | None) -> bool:
    """Whether ``seen`` is a later view than ``known``; events arrive in any order.

    Requests and transactions only grow, and an end is final. Where all of these are equal
    something was given back, so the smaller amount is probably the later one; see ``in_doubt``.
    """
    return known is None or _age(seen) > _age(known)


def in_doubt(seen: Snapshot, known: Snapshot | None) -> bool:
    """Whether nothing in two views tells which is later: the issuer has to be asked.

    A part may have been given back, or an estimate (fuel, a hotel) been made final, up or down.
    """
    return (
        known is not None
        and seen.is_pending
        and _growth(seen) == _growth(known)
        and seen.amount_pence != known.amount_pence
    )


def is_read_later(read_at: datetime, known_read_at: datetime | None) -> bool:
    """Whether an answer of the issuer was read after the one that is known; answers overtake."""
    return known_read_at is None or read_at > known_read_at


def _growth(snapshot: Snapshot) -> tuple[int, int, bool]:
    return len(snapshot.requests), snapshot.transaction_count, not snapshot.is_pending


def _age(snapshot: Snapshot) -> tuple[int, int, bool, int]:
    return (*_growth(snapshot), -snapshot.amount_pence)


def authorised_pence(snapshot: Snapshot | None, approvals_pence: Sequence[int]) -> int:
    """Return what an authorisation may still claim, before captures.

    What we approved counts from the moment of our answer until the issuer tells how the network
    took it; then the issuer's word counts, also where our yes became the network's no.

    Args:
        snapshot: the issuer's newest view, if there is one.
        approvals_pence: what we approved in answer to each request, in order; 0 for a no.
    """
    if snapshot is None:
        return sum(approvals_pence)
    if not snapshot.is_pending:
        return 0
    confirmed = snapshot.amount_pence if snapshot.is_approved else 0
    return confirmed + sum(approvals_pence[len(snapshot.requests) :])


def with_answer(approvals_pence: Sequence[int], place: int, amount_pence: int) -> list[int]:
    """Return our approvals with the answer to one request, which may come a second time.

    Args:
        approvals_pence: the answers until now.
        place: how many requests of this authorisation came before, as the issuer says.
        amount_pence: what we approve now.
    """
    answers = [*approvals_pence, *[0] * (place + 1 - len(approvals_pence))]
    answers[place] = amount_pence
    return answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """One authorisation of a card, as far as it concerns money."""

    authorised_pence: int
    captured_pence: int
    is_pending: bool

    @property
    def outstanding_pence(self) -> int:
        """What may still be captured on it."""
        return max(0, self.authorised_pence - self.captured_pence) if self.is_pending else 0

    @property
    def is_bought(self) -> bool:
        """Whether it has ended with a capture: a purchase reserves nothing more then."""
        return not self.is_pending and self.captured_pence > 0


def card_claims(
    authorised: Collection[Authorised],
    *,
    captured_pence: int,
    refunded_pence: int = 0,
    waiting_pence: int = 0,
) -> CardClaims:
    """Return what is known of a purchase's card, in whatever order it was said.

    Args:
        authorised: every authorisation of the card.
        captured_pence: all captures, also those that no authorisation is named for.
        refunded_pence: the refunds that are this purchase's.
        waiting_pence: what came back and waits for its capture or for a person.
    """
    return CardClaims(
        outstanding_pence=sum(one.outstanding_pence for one in authorised),
        captured_pence=captured_pence,
        refunded_pence=refunded_pence,
        waiting_pence=waiting_pence,
        is_bought=any(one.is_bought for one in authorised),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One capture or refund, as far as it concerns money."""

    presentment_id: str
    authorisation_id: str | None
    is_refund: bool
    amount_pence: int
    is_confirmed: bool = False  # a person said that it belongs to this purchase
    is_reversal: bool = False  # a refund that the shop took back: it costs again
    is_foreign: bool = False  # in the shop's currency: the rate can change on the way
    was_card_closed: bool = False  # when we first heard of it
    won_back_pence: int = 0  # of a capture: what a dispute has brought back for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunds:
    """What came back, and how much of it we may believe to be this purchase's."""

    counted_pence: int
    waiting_pence: int
    by_authorisation: Mapping[str, int]  # of what counts, in pence
    odd: Mapping[str, int]  # by presentment: in pence, what a person has to place


def refunds_of(
    taken: Collection[Taken],
    *,
    own: Collection[str],
    ended: Collection[str],
) -> Refunds:
    """Return which refunds count, whatever the order in which anything was heard.

    A refund counts as far as the authorisation that it names was captured. One that names none,
    or another purchase's, waits for a person, and so does what is beyond the captures of an
    authorisation that has ended. Beyond those of one that goes on it waits for its capture.
    What a dispute has won back is the same money: a refund beside it is one too many.

    Args:
        taken: every capture and refund on a purchase's card, and those placed there by hand.
        own: ids of the purchase's own authorisations.
        ended: those of them that claim nothing more.
    """
    room = _room(taken)
    counted, waiting = sum(one.won_back_pence for one in taken), 0
    odd: dict[str, int] = {}
    by_authorisation: dict[str, int] = {}
    for refund in sorted(_refunds(taken), key=lambda one: one.presentment_id):
        name = refund.authorisation_id
        if refund.is_confirmed:
            counted += refund.amount_pence
            continue
        is_linked = name is not None and name in own
        fits = min(refund.amount_pence, max(0, room.get(name or "", 0))) if is_linked else 0
        if name is not None and fits:
            room[name] -= fits
            by_authorisation[name] = by_authorisation.get(name, 0) + fits
        counted += fits
        left = refund.amount_pence - fits
        waiting += left
        if left and (not is_linked or name in ended):
            odd[refund.presentment_id] = left
    return Refunds(
        counted_pence=counted,
        waiting_pence=waiting,
        by_authorisation=by_authorisation,
        odd=odd,
    )


def _refunds(taken: Iterable[Taken]) -> Iterator[Taken]:
    return (one for one in taken if one.is_refund)


def _room(taken: Iterable[Taken]) -> dict[str, int]:
    """Return how much of each authorisation's captures may still come back, in pence."""
    room: dict[str, int] = {}
    for one in taken:
        if not one.is_refund and one.authorisation_id is not None:
            name = one.authorisation_id
            room[name] = room.get(name, 0) + one.amount_pence - one.won_back_pence
    return room


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an authorisation that a capture names."""

    is_declined: bool
    ended_with: Collection[str] | None  # captures that were in it when it was given back


def oddity_of(capture: Taken, known: Known | None) -> ExceptionKind | None:
    """Return why somebody has to look at a capture; it is posted in full all the same."""
    if capture.is_reversal:
        return ExceptionKind.REFUND_REVERSED
    if capture.is_confirmed:
        return None
    if capture.authorisation_id is None:
        return ExceptionKind.CAPTURE_NOT_AUTHORISED
    if known is not None and known.is_declined:
        return ExceptionKind.CAPTURE_AFTER_DECLINE
    ended_with = None if known is None else known.ended_with
    if ended_with is not None and capture.presentment_id not in ended_with:
        return ExceptionKind.CAPTURE_AFTER_END
    return ExceptionKind.CAPTURE_ON_CLOSED_CARD if capture.was_card_closed else None


def ended_with(
    snapshot: Snapshot, listed: Collection[str], before: Sequence[str] | None
) -> Sequence[str] | None:
    """Return the captures that an authorisation had when it was given back; None: it was not.

    The shortest of the lists that were seen is of the first moment, whichever is heard first.
    """
    if snapshot.status not in GIVEN_BACK:
        return before
    if before is not None and len(before) <= len(listed):
        return before
    return sorted(listed)


def unlike_ours(
    snapshot: Snapshot, approvals_pence: Sequence[int]
) -> Iterator[tuple[int, ExceptionKind]]:
    """Yield the requests that the network answered otherwise than we did, with their places."""
    for place, outcome in enumerate(snapshot.requests):
        ours_pence = approvals_pence[place] if place < len(approvals_pence) else 0
        if outcome is Outcome.UNASKED and not ours_pence and snapshot.amount_pence:
            yield place, ExceptionKind.APPROVED_WITHOUT_US
        if outcome is Outcome.NO and ours_pence:
            yield place, ExceptionKind.DECLINED_AFTER_US


def beyond(*, allowed_pence: int, before_pence: int, amount_pence: int) -> int:
    """Return how much of one capture is above what was agreed, in pence."""
    above = before_pence + amount_pence - allowed_pence
    return max(0, min(amount_pence, above))
