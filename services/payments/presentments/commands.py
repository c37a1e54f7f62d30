"""What the issuer says of money that moved."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPresentment:
    """A capture or a refund: money that moved, never refused."""

    presentment_id: str
    issuer_card_id: str
    authorisation_id: str | None
    is_refund: bool
    amount_pence: int
    is_reversal: bool = False  # a refund that the shop took back; it is a capture then
    is_foreign: bool = False  # the shop's currency is another: the rate can change on the way
    network_id: str | None = None  # of the shop, as its card network knows it
