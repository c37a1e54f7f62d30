"""A service that stands in for budget and does the least a real one does, run as a program.

Each event is validated, noted in the inbox and answered with one row and one event of its
own. After each commit it tells the benchmark so, by a datagram with the message's id.
"""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from sqlalchemy import event as sqlalchemy_event  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from operations.runner import serve  # noqa: E402
from services.budget.holds.models import RefusedHold  # noqa: E402
from shared.contracts.budget.holds import HoldReleased  # noqa: E402
from shared.contracts.payments.purchases import PurchaseRequested  # noqa: E402
from shared.messaging import outbox  # noqa: E402
from shared.messaging.entrypoints import CurrentTrace, Database, query, subscribe  # noqa: E402
from shared.messaging.health import HealthForm, health  # noqa: E402
from shared.observability import logs  # noqa: E402
from shared.trace import Trace  # noqa: E402

DATAGRAMS = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
BENCHMARK = ("127.0.0.1", int(os.environ.get("BENCHMARK_PORT", "0")))


def answer(event: PurchaseRequested, *, session: Session, trace: Trace) -> None:
    """Leave one row and one event."""
    session.add(RefusedHold(purchase_id=event.purchase_id, code="benchmark"))
    told = HoldReleased(
        occurred_at=trace.at,
        purchase_id=event.purchase_id,
        version=1,
        budget_id=event.budget_id,
        held_pence=0,
        available_pence=0,
    )
    outbox.add(session, told, trace=trace)
    session.info["purchase_id"] = event.purchase_id


def tell(session: Any) -> None:
    """Tell the benchmark which message's work is committed."""
    purchase_id = session.info.pop("purchase_id", None)
    if purchase_id is not None:
        DATAGRAMS.sendto(purchase_id.bytes, BENCHMARK)


class BudgetService:
    """Budget's queue, user and database."""

    name = "budget"
    transaction = Database()
    trace = CurrentTrace()
    on_purchase_requested = subscribe(PurchaseRequested, answer)
    health = query(HealthForm, health)


if __name__ == "__main__":
    logs.configure(process="benchmark")
    sqlalchemy_event.listen(Session, "after_commit", tell)
    serve(BudgetService)
    sys.exit(0)
