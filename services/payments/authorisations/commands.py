"""What the issuer says about money on a card."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.payments.authorisations.rules import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPresentment:
    """A capture or a refund: money that moved, never refused."""

    presentment_id: str
    issuer_card_id: str
    authorisation_id: str | None
    is_refund: bool
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSnapshot:
    """How an authorisation stands, with the presentments the issuer lists in it."""

    authorisation_id: str
    issuer_card_id: str
    snapshot: Snapshot
    presentments: Sequence[RecordPresentment]
