"""Those who come to a stack's gateway in a benchmark: one broker, and holders of budgets."""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks import signing_in
from benchmarks.open_loop import KeptOpen
from benchmarks.purchases import AMOUNT_PENCE, Buyer
from clients.edge import CallTimedOutError, Edge
from demo.staff import BROKER
from services.gateway import policy
from services.gateway.calling import QUERY_SECONDS
from services.gateway.visitors import Visitor

WAIT_SECONDS = 10
STATEMENT = "budget.person_statement"
AROUND = timedelta(days=31)


class NotAnsweredError(Exception):
    """An answer is not what was asked for: what is measured is not what it should be."""


class Visitors:
    """Asks as the broker of all, and as each of the holders."""

    def __init__(
        self, environment: Mapping[str, str], buyers: Sequence[Buyer], *, day: date
    ) -> None:
        self._environment = environment
        self._buyers = buyers
        self._own = threading.local()
        self._gateway = KeptOpen(environment["DEMO_GATEWAY_URL"])
        self._broker = signing_in.token_of(environment, "aldermoor", "broker")
        self._holders = [
            signing_in.token_of_holder(environment, f"holder-{number}", person=buyer.person)
            for number, buyer in enumerate(buyers)
        ]
        self._asked = {
            "starts_on": str(day - AROUND),
            "ends_on": str(day + AROUND),
            "form": "json",
        }
        self._acting, self._policy = _acting_as_broker(), policy.load()

    def statement(self, number: int) -> bool:
        """Ask for a statement over HTTP: as the broker, then as the holder, of one after another.

        Return whether it was given in time.

        Raises:
            NotAnsweredError: it was refused.
        """
        place = number // 2 % len(self._buyers)
        token = self._holders[place] if number % 2 else self._broker
        path = f"/v1/budgets/{self._buyers[place].budget_id}/statement?{urlencode(self._asked)}"
        status, body = self._gateway.ask("GET", path, headers=_bearing(token))
        return _is_given(status, body)

    def statement_by_rpc(self, number: int) -> bool:
        """Ask the service for the same, as the broker."""
        buyer = self._buyers[number // 2 % len(self._buyers)]
        edge = self._edge()
        edge.actor = self._acting.actor(STATEMENT, policy=self._policy, request_id=str(uuid4()))
        asked = {"budget_id": buyer.budget_id, **self._asked}
        try:
            edge.query("budget", "person_statement", asked, timeout_seconds=QUERY_SECONDS)
        except CallTimedOutError:
            return False
        return True

    def buy(self, number: int) -> str | None:
        """Ask for a purchase and return its id when it is ready; None: that took too long.

        Raises:
            NotAnsweredError: it was refused.
        """
        buyer = self._buyers[number % len(self._buyers)]
        request = {
            "budget_id": buyer.budget_id,
            "item_id": buyer.item_id,
            "amount_pence": AMOUNT_PENCE,
            "instruction": "As every week, please",
            "is_not_a_repeat": True,
            "not_a_repeat_because": "Each week's is another one",
        }
        headers = {
            **_bearing(self._broker),
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
            "Prefer": f"wait={WAIT_SECONDS}",
        }
        status, body = self._gateway.ask(
            "POST", "/v1/purchases", body=json.dumps(request), headers=headers
        )
        if not _is_given(status, body):
            return None
        purchase: Mapping[str, Any] = json.loads(body)
        if purchase["state"] != "ready":
            raise NotAnsweredError(purchase["state"])
        return str(purchase["purchase_id"])

    def _edge(self) -> Edge:
        if not hasattr(self._own, "edge"):
            self._own.edge = Edge.connect(self._environment, name="bench")
        edge: Edge = self._own.edge
        return edge


def _acting_as_broker() -> Visitor:
    return Visitor(
        client=BROKER.staff_id,
        actor_id=BROKER.staff_id,
        roles=(BROKER.role,),
        organisation=BROKER.organisation,
        purpose="direct_care",
    )


def _bearing(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _is_given(status: int, body: bytes) -> bool:
    """Return whether it was answered in time: as a rule, or too late for whoever is too busy."""
    if status in {HTTPStatus.ACCEPTED, HTTPStatus.SERVICE_UNAVAILABLE}:
        return False
    if status != HTTPStatus.OK:
        raise NotAnsweredError(f"{status}: {body.decode(errors='replace')[:500]}")
    return True
