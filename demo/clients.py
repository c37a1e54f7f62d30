"""The shops: they ask the card issuer for money through its official client.

Stripe's names and spelling are Stripe's.
"""

from dataclasses import dataclass
from typing import Any, cast

import stripe

BETTING_SHOP_CODE = "7995"
PAWN_SHOP_CODE = "5933"  # where a plan itself pays for a bet
RETRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """What the issuer answered to a shop."""

    authorisation_id: str
    is_approved: bool


class Shops:
    """Every shop of the demo, for one thread."""

    def __init__(self, *, issuer_url: str, api_key: str) -> None:
        client = stripe.StripeClient(
            api_key,
            base_addresses={"api": issuer_url},
            http_client=stripe.RequestsClient(timeout=30),
            max_network_retries=RETRIES,
        )
        self._helpers = client.v1.test_helpers.issuing

    def authorise(
        self, *, card_id: str, amount_pence: int, merchant: str, merchant_category_code: str
    ) -> Authorisation:
        """Ask whether this card may pay this amount here."""
        # The code alone: our issuer finds the category, and knows codes that Stripe's list lacks.
        merchant_data = cast("Any", {"category_code": merchant_category_code, "name": merchant})
        authorisation = self._helpers.authorizations.create(
            {
                "card": card_id,
                "amount": amount_pence,
                "currency": "gbp",
                "authorization_method": "online",
                "merchant_data": merchant_data,
            }
        )
        return Authorisation(authorisation_id=authorisation.id, is_approved=authorisation.approved)

    def capture(self, authorisation_id: str) -> str:
        """Take the money, and return the id of the issuer's transaction."""
        authorisation = self._helpers.authorizations.capture(authorisation_id)
        return authorisation.transactions[-1].id

    def refund(self, transaction_id: str, *, amount_pence: int) -> None:
        """Give the money back."""
        self._helpers.transactions.refund(transaction_id, {"refund_amount": amount_pence})
