"""Payment orders: taken once for each idempotency key, then paid or failed."""

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock
from typing import Any

from simulators.bank.problems import ProblemError

CLOSED_ACCOUNT_NUMBER = "00000000"  # a payee with this account is never paid


def now() -> str:
    return datetime.fromtimestamp(time.time(), tz=UTC).isoformat()


class Orders:
    """Every order since the start of the program."""

    def __init__(self) -> None:
        self._orders: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, tuple[Mapping[str, Any], str]] = {}  # by key: the body and the id
        self._lock = Lock()

    def place(
        self, wanted: Mapping[str, Any], *, idempotency_key: str
    ) -> tuple[dict[str, Any], bool]:
        """Take an order; the second value says whether it is new.

        Raises:
            ProblemError: 409 the key was used for another order.
        """
        with self._lock:
            if idempotency_key in self._asked:
                body, order_id = self._asked[idempotency_key]
                if body != wanted:
                    raise ProblemError(
                        HTTPStatus.CONFLICT, "This Idempotency-Key was used for another order."
                    )
                return dict(self._orders[order_id]), False
            order_id = f"po_{secrets.token_hex(12)}"
            order = {
                "payment_order_id": order_id,
                **wanted,
                "status": "accepted",
                "failure_reason": None,
                "accepted_at": now(),
                "settled_at": None,
            }
            self._orders[order_id] = order
            self._asked[idempotency_key] = (wanted, order_id)
            return dict(order), True

    def settle(self, order_id: str) -> dict[str, Any]:
        """Pay an order, or fail it for good, as its payee's account says."""
        with self._lock:
            order = self._orders[order_id]
            is_closed = order["payee"]["account_number"] == CLOSED_ACCOUNT_NUMBER
            order["status"] = "failed" if is_closed else "paid"
            order["failure_reason"] = "account_closed" if is_closed else None
            order["settled_at"] = now()
            return dict(order)

    def find(self, order_id: str) -> dict[str, Any]:
        """Find one order by its id.

        Raises:
            ProblemError: 404 there is none.
        """
        with self._lock:
            if order_id not in self._orders:
                raise ProblemError(HTTPStatus.NOT_FOUND, "No such payment order.")
            return dict(self._orders[order_id])

    def with_reference(self, reference: str) -> list[dict[str, Any]]:
        with self._lock:
            return [
                dict(order) for order in self._orders.values() if order["reference"] == reference
            ]
