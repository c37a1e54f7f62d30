"""What can be matched, and which purchases a refund may be of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import NotFoundError, Refusal

LOOKED_BACK = timedelta(days=90)  # shops refund within three months, as a rule: local policy
MOST_SUGGESTED = 5


class PresentmentNotFoundError(NotFoundError):
    """The issuer has told of no such refund or capture."""

    code = "presentment_not_found"


class NotMatchableError(Refusal):
    """It is of the other kind, or it belongs to a purchase already."""

    code = "not_matchable"
    next_step = "Match only what waits: the refund queue and the open exceptions list it."


class NotMatchableToThisError(Refusal):
    """The ledger never set money aside for the purchase: it has no place to book anything."""

    code = "not_matchable_to_this"
    next_step = "Match it to a purchase whose money was set aside, or leave it waiting."


class AlreadyMatchedError(Refusal):
    """Somebody said otherwise before."""

    code = "already_matched"
    next_step = "Look the refund up: it says who matched it, and why."


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One that a refund may be of."""

    purchase_id: UUID
    issuer_card_id: str
    network_id: str | None
    amount_pence: int
    heard_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A purchase that a refund may belong to, and what speaks for it."""

    purchase_id: UUID
    because: tuple[str, ...]  # card, shop, amount


def suggestions(
    *,
    issuer_card_id: str,
    network_id: str | None,
    amount_pence: int,
    captures: Iterable[Capture],
) -> list[Suggestion]:
    """Return the likeliest purchases of a refund, the best first. A person decides.

    What speaks for one: the same card, the same shop as the network knows it, the same amount.
    The amount alone says nothing; more than was captured speaks against it.
    """
    found: dict[UUID, tuple[tuple[str, ...], datetime]] = {}
    for capture in captures:
        because = tuple(
            word
            for word, speaks in (
                ("card", capture.issuer_card_id == issuer_card_id),
                ("shop", network_id is not None and capture.network_id == network_id),
                ("amount", capture.amount_pence == amount_pence),
            )
            if speaks
        )
        if amount_pence > capture.amount_pence or not {"card", "shop"} & set(because):
            continue
        known = found.get(capture.purchase_id)
        if known is None or (len(because), capture.heard_at) > (len(known[0]), known[1]):
            found[capture.purchase_id] = (because, capture.heard_at)
    ranked = sorted(found.items(), key=_rank)
    return [
        Suggestion(purchase_id=purchase_id, because=because)
        for purchase_id, (because, _) in ranked[:MOST_SUGGESTED]
    ]


def _rank(found: tuple[UUID, tuple[Collection[str], datetime]]) -> tuple[int, float, str]:
    purchase_id, (because, heard_at) = found
    return -len(because), -heard_at.timestamp(), str(purchase_id)
