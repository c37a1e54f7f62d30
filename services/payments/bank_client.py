"""The bank, over HTTP. Its spelling ends here.

Every call has timeouts and an idempotency key, and says which of three things went wrong:
refused for good, certainly not done, or unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import requests

from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

TIMEOUTS_SECONDS = (3.0, 10.0)  # to connect; to be answered
LONGEST_PAYEE_NAME = 70  # the bank's limits, in characters
LONGEST_REMITTANCE = 18
NO_REFERENCE = str(UUID(int=0))  # no order has it
DONE = (HTTPStatus.OK, HTTPStatus.CREATED)
# Ours to mend, or a matter of waiting: nothing was done, and the same call may work later.
NOT_DONE = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS,
)
REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What the bank is asked to pay."""

    reference: str
    amount_pence: int
    payee_name: str
    sort_code: str
    account_number: str
    remittance: str


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

    def answers(self) -> bool:
        """Whether the bank can be reached."""
        try:
            self.find(NO_REFERENCE)
        except OutcomeUnknownError:
            return False
        return True


def _answered(call: Callable[[], requests.Response]) -> Any:
    """Return the bank's answer.

    Raises:
        RefusedOutsideError, NotSentError, OutcomeUnknownError: as the errands want to know.
    """
    try:
        answer = call()
        if answer.status_code in DONE:
            return answer.json()
    except requests.ConnectTimeout as error:
        raise NotSentError from error
    except requests.RequestException as error:
        raise OutcomeUnknownError from error
    if answer.status_code in REFUSED:
        raise RefusedOutsideError(f"bank:{answer.status_code}")
    if answer.status_code in NOT_DONE:
        raise NotSentError
    raise OutcomeUnknownError


def _payment_order(wire: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "payment_order_id": wire["payment_order_id"],
        "status": wire["status"],
        "failure_reason": wire["failure_reason"],
    }
