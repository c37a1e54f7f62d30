"""What the issuer says about money on a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.payments.authorisations.rules import Snapshot
from services.payments.presentments.commands import RecordPresentment


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSnapshot:
    """How an authorisation stands, with the presentments the issuer lists in it."""

    authorisation_id: str
    issuer_card_id: str
    snapshot: Snapshot
    presentments: Sequence[RecordPresentment]
    fetched_at: datetime | None = None  # when we asked for it; null: the issuer told


@dataclass(frozen=True, slots=True, kw_only=True)
class AddApproval:
    """We answered one request of an authorisation."""

    authorisation_id: str
    place: int | None  # how many requests of it came before; null: the next that we know of
    amount_pence: int  # 0 for a no


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptMoney:
    """Money came on a card before the card was known; now it is."""

    issuer_card_id: str
