"""What the card network asks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAuthorisation:
    """Say whether a card may pay an amount at a merchant."""

    event_id: str  # the same one again gets the same answer
    authorisation_id: str
    issuer_card_id: str
    merchant_category_code: str
    merchant_country: str  # ISO 3166; empty: not told
    is_amount_controllable: bool  # the shop takes less if it has to
    amount_pence: int  # of this request alone: an increment adds to what was approved before
    place: int | None  # how many requests of this authorisation came before; null: not told
