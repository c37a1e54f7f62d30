"""The card issuer and the bank, over HTTP. Their spelling ends here.

Every call has timeouts and an idempotency key, and says which of three things went wrong:
refused for good, certainly not done, or unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

import requests
import stripe

from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

API_VERSION = "2026-10-28.endive"  # of Stripe; changes with the tests that read its objects
TIMEOUTS_SECONDS = (3.0, 10.0)  # to connect; to be answered
LONGEST_CARDHOLDER_NAME = 24  # Stripe's limit
LONGEST_PAYEE_NAME = 70  # the bank's limits, in characters
LONGEST_REMITTANCE = 18
# Cards are virtual and nothing is posted: the programme's own address stands in.
PROGRAMME_ADDRESS = {
    "line1": "1 Example Street",
    "city": "Exampleton",
    "postal_code": "ZZ99 3WZ",
    "country": "GB",
}
# Ours to mend, or a matter of waiting: nothing was done, and the same call may work later.
NOT_DONE = (stripe.AuthenticationError, stripe.PermissionError, stripe.RateLimitError)
REFUSED = (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError)
BANK_DONE = (HTTPStatus.OK, HTTPStatus.CREATED)
BANK_NOT_DONE = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS,
)
BANK_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What the bank is asked to pay."""

    reference: str
    amount_pence: int
    payee_name: str
    sort_code: str
    account_number: str
    remittance: str


class IssuerClient:
    """Stripe Issuing by its official client."""

    def __init__(self, *, url: str, api_key: str) -> None:
        self._issuing = stripe.StripeClient(
            api_key,
            base_addresses={"api": url},
            stripe_version=API_VERSION,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=TIMEOUTS_SECONDS),
        ).v1.issuing

    def create_cardholder(self, *, staff_id: UUID, name: str) -> str:
        """Return the issuer's id of a broker as cardholder; a repeat gives the same one."""
        shown = _cardholder_name(name)
        key = uuid5(staff_id, shown)  # a header holds no letters of every script
        cardholder = _asked(
            lambda: self._issuing.cardholders.create(
                {
                    "name": shown,
                    "type": "individual",
                    "billing": {"address": PROGRAMME_ADDRESS},  # type: ignore[typeddict-item]
                    "metadata": {"staff": str(staff_id)},
                },
                {"idempotency_key": f"cardholder-{key}"},
            )
        )
        return cardholder.id

    def create_card(
        self, *, errand_id: UUID, issuer_cardholder_id: str, purchase_id: str, limit_pence: int
    ) -> str:
        """Return the issuer's id of a virtual card for one purchase; never its number."""
        card = _asked(
            lambda: self._issuing.cards.create(
                {
                    "cardholder": issuer_cardholder_id,
                    "currency": "gbp",
                    "type": "virtual",
                    "status": "active",
                    "metadata": {"purchase": purchase_id},
                    "spending_controls": {
                        "spending_limits": [{"amount": limit_pence, "interval": "all_time"}]
                    },
                },
                {"idempotency_key": str(errand_id)},
            )
        )
        return card.id

    def close_card(self, *, errand_id: UUID, issuer_card_id: str) -> str:
        card = _asked(
            lambda: self._issuing.cards.update(
                issuer_card_id, {"status": "canceled"}, {"idempotency_key": str(errand_id)}
            )
        )
        return card.id


def _asked(call: Callable[[], Any]) -> Any:
    """Make a call to the issuer.

    Raises:
        RefusedOutsideError, NotSentError, OutcomeUnknownError: as the errands want to know.
    """
    try:
        return call()
    except REFUSED as error:
        raise RefusedOutsideError(f"issuer:{error.code or type(error).__name__}") from error
    except NOT_DONE as error:
        raise NotSentError from error
    except stripe.StripeError as error:
        raise OutcomeUnknownError from error


def _cardholder_name(name: str) -> str:
    """Return a name as the issuer takes it: letters and spaces, not too long."""
    letters = "".join(sign if sign.isalpha() else " " for sign in name)
    return " ".join(letters.split())[:LONGEST_CARDHOLDER_NAME].strip() or "Broker"


class BankClient:
    """Payment orders by bank transfer."""

    def __init__(self, *, url: str, api_key: str) -> None:
        self._url = f"{url}/payment-orders"
        self._headers = {"Authorization": f"Bearer {api_key}"}

    def order(self, order: TransferOrder, *, errand_id: UUID) -> Mapping[str, Any]:
        """Order a transfer; returns the bank's id for it and where it stands."""
        body = {
            "reference": order.reference,
            "amount_pence": order.amount_pence,
            "currency": "GBP",
            "remittance": order.remittance[:LONGEST_REMITTANCE],
            "payee": {
                "name": order.payee_name[:LONGEST_PAYEE_NAME],
                "sort_code": order.sort_code,
                "account_number": order.account_number,
            },
        }
        headers = {**self._headers, "Idempotency-Key": str(errand_id)}
        return _payment_order(
            _answered(
                lambda: requests.post(
                    self._url,
                    json=body,
                    headers=headers,
                    timeout=TIMEOUTS_SECONDS,
                    allow_redirects=False,
                )
            )
        )

    def find(self, reference: str) -> Mapping[str, Any] | None:
        """Return the order with this reference, or None: the bank has none.

        Raises:
            OutcomeUnknownError: we could not find out. Never anything else: that would let the
                order be sent again, or its money go free though it is being paid.
        """
        try:
            found = _answered(
                lambda: requests.get(
                    self._url,
                    params={"reference": reference},
                    headers=self._headers,
                    timeout=TIMEOUTS_SECONDS,
                    allow_redirects=False,
                )
            )
        except (RefusedOutsideError, NotSentError) as error:
            raise OutcomeUnknownError from error
        orders = found["payment_orders"]
        return _payment_order(orders[0]) if orders else None


def _answered(call: Callable[[], requests.Response]) -> Any:
    """Return the bank's answer.

    Raises:
        RefusedOutsideError, NotSentError, OutcomeUnknownError: as the errands want to know.
    """
    try:
        answer = call()
        if answer.status_code in BANK_DONE:
            return answer.json()
    except requests.ConnectTimeout as error:
        raise NotSentError from error
    except requests.RequestException as error:
        raise OutcomeUnknownError from error
    if answer.status_code in BANK_REFUSED:
        raise RefusedOutsideError(f"bank:{answer.status_code}")
    if answer.status_code in BANK_NOT_DONE:
        raise NotSentError
    raise OutcomeUnknownError


def _payment_order(wire: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "payment_order_id": wire["payment_order_id"],
        "status": wire["status"],
        "failure_reason": wire["failure_reason"],
    }
