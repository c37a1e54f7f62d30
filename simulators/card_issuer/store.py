"""Everything the card issuer knows, in memory: Stripe's objects by kind and id."""

import copy
import operator
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from threading import RLock
from typing import Any

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form, whole_amount

Wire = dict[str, Any]  # an object in Stripe's shape

PAGING = ("limit", "starting_after", "ending_before", "created")
BOUNDS: dict[str, Callable[[int, int], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
PAGE_LENGTH = 10
LONGEST_PAGE = 100


class Store:
    """Objects are saved and read as copies; hold ``lock`` from reading to saving."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._kept: dict[str, dict[str, Wire]] = {}
        self._of_card: dict[str, list[str]] = {}  # authorisations by card, oldest first
        self._refunded: Counter[str] = Counter()  # how much of a capture: Stripe does not say it

    def save(self, wire: Wire) -> None:
        with self.lock:
            of_kind = self._kept.setdefault(wire["object"], {})
            if wire["object"] == "issuing.authorization" and wire["id"] not in of_kind:
                self._of_card.setdefault(wire["card"]["id"], []).append(wire["id"])
            of_kind[wire["id"]] = copy.deepcopy(wire)

    def read(
        self, kind: str, wire_id: str, *, param: str = "id", status: HTTPStatus | None = None
    ) -> Wire:
        """Read one object.

        Raises:
            StripeError: ``resource_missing``, naming ``param``; 404 unless told otherwise.
        """
        with self.lock:
            found = self._kept.get(kind, {}).get(wire_id)
            if found is None:
                raise StripeError(
                    f"No such {kind}: '{wire_id}'",
                    param=param,
                    code="resource_missing",
                    status=status or HTTPStatus.NOT_FOUND,
                )
            return copy.deepcopy(found)

    def page(
        self,
        kind: str,
        *,
        url: str,
        form: Form,
        fits: Callable[[Wire], bool],
    ) -> Wire:
        """List objects as Stripe pages them: ``limit``, ``starting_after``, ``ending_before``."""
        limit = min(form.amount("limit", least=1, default=PAGE_LENGTH), LONGEST_PAGE)
        bounds = created_bounds(form)
        found = self.newest_first(
            kind,
            fits=lambda wire: (
                fits(wire) and all(BOUNDS[name](wire["created"], at) for name, at in bounds.items())
            ),
        )
        ids = [wire["id"] for wire in found]
        if before := form.optional_text("ending_before"):
            found = found[: self._place(ids, before, param="ending_before")]
            shown = found[-limit:]
        else:
            after = form.optional_text("starting_after")
            found = found[self._place(ids, after, param="starting_after") + 1 :] if after else found
            shown = found[:limit]
        return {
            "object": "list",
            "data": copy.deepcopy(shown),
            "has_more": len(found) > limit,
            "url": url,
        }

    def newest_first(self, kind: str, *, fits: Callable[[Wire], bool]) -> list[Wire]:
        """Find objects to look at, not to change: these are no copies."""
        with self.lock:
            return [wire for wire in reversed(self._kept.get(kind, {}).values()) if fits(wire)]

    def authorisations_of(self, card_id: str) -> list[Wire]:
        """Find a card's authorisations to look at, not to change, oldest first."""
        with self.lock:
            of_kind = self._kept.get("issuing.authorization", {})
            return [of_kind[one] for one in self._of_card.get(card_id, ())]

    def refunded(self, transaction_id: str) -> int:
        with self.lock:
            return self._refunded[transaction_id]

    def add_refunded(self, transaction_id: str, amount: int) -> None:
        with self.lock:
            self._refunded[transaction_id] += amount

    @staticmethod
    def _place(ids: list[str], wire_id: str, *, param: str) -> int:
        if wire_id not in ids:
            raise StripeError(f"No such object: '{wire_id}'", param=param, code="resource_missing")
        return ids.index(wire_id)


def created_bounds(form: Form) -> dict[str, int]:
    """Read ``created[gte]`` and the like.

    Raises:
        StripeError: a bound that there is none of, or no time.
    """
    bounds = form.inside("created")
    for name in bounds:
        if name not in BOUNDS:
            raise StripeError(
                f"Received unknown parameter: created[{name}]",
                param=f"created[{name}]",
                code="parameter_unknown",
            )
    return {name: whole_amount(at, param=f"created[{name}]") for name, at in bounds.items()}
