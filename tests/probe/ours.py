"""A service of ours that does as its messages say; run as a program by the tests.

It stands in for budget: its queues, its database user, its inbox and its outbox.
"""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import structlog  # noqa: E402
from eventlet.patcher import original  # noqa: E402
from marshmallow import Schema, fields  # noqa: E402
from sqlalchemy import create_engine, text  # noqa: E402

from access.scope import Access  # noqa: E402
from operations.runner import serve  # noqa: E402
from shared.contracts.budget.holds import HoldReleased  # noqa: E402
from shared.contracts.payments.purchases import PurchaseRequested  # noqa: E402
from shared.errors import NotKnownYetError, Refusal  # noqa: E402
from shared.messaging import outbox  # noqa: E402
from shared.messaging.entrypoints import (  # noqa: E402
    CurrentTrace,
    Database,
    command,
    query,
    subscribe,
)
from shared.messaging.health import HealthForm, health  # noqa: E402
from shared.observability import logs  # noqa: E402
from tests.probe import amounts  # noqa: E402

log = structlog.get_logger()


def note(event, *, session, trace):
    """Leave an effect and an event, then do what the amount says."""
    session.execute(text("INSERT INTO effects (message_id) VALUES (:id)"), {"id": event.event_id})
    told = HoldReleased(
        occurred_at=trace.at,
        purchase_id=event.purchase_id,
        version=1,
        budget_id=event.budget_id,
        held_pence=0,
        available_pence=0,
    )
    outbox.add(session, told, trace=trace)
    session.flush()
    if event.amount_pence == amounts.RAISES:
        raise RuntimeError("the name of a person")
    if event.amount_pence == amounts.COMMIT_FAILS:
        session.execute(text("INSERT INTO commits_fail (fails) VALUES (true)"))
    if event.amount_pence == amounts.SLOW:
        log.info("slow_work_begun")
        eventlet.sleep(1.5)
    if event.amount_pence == amounts.HELD:
        session.execute(text("SET LOCAL lock_timeout = 0"))  # the test may take its time
        log.info("held_work_begun")
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": amounts.HELD})
    if event.amount_pence == amounts.TIMES_OUT:
        raise eventlet.Timeout


class Wait(Schema):
    seconds = fields.Float(required=True)


def wait(asked, *, session):
    if asked["seconds"] < 0:
        be_too_slow(session)
    session.execute(text("SELECT pg_sleep(:seconds)"), asked)
    return {"waited": True}


class Finish(Schema):
    path = fields.String(required=True)


def find(asked, *, session):
    return {**asked, "is_there": session.scalar(text("SELECT true"))}


def finish(found):
    """Wait as a library in C does, which knows of no other work: until the file is there."""
    path = Path(found["path"])
    while not path.exists():
        original("time").sleep(0.01)
    if path.read_text():
        raise SpentError(path.read_text())
    return {"is_there": found["is_there"]}


def wait_for_lock(session):
    session.execute(text("SET LOCAL lock_timeout = 50"))
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": amounts.HELD})


def be_too_slow(session):
    session.execute(text("SET LOCAL statement_timeout = 50"))
    session.execute(text("SELECT pg_sleep(5)"))


def conflict(session):
    session.execute(text("DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$"))


conflicts = iter((conflict, conflict))


def conflict_twice(session):
    for act in conflicts:
        act(session)


def find_no_connection(session):
    """Ask a pool whose connections are all lent."""
    url = session.get_bind().url
    pool = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    with pool.connect(), pool.connect():
        pass


BUSY = {
    amounts.LOCKED: wait_for_lock,
    amounts.TOO_SLOW: be_too_slow,
    amounts.CONFLICTS: conflict_twice,
    amounts.CONFLICTS_ON: conflict,
    amounts.NO_CONNECTION: find_no_connection,
}


class Spend(Schema):
    amount_pence = fields.Integer(strict=True, required=True)


class SpentError(Refusal):
    """More than there is."""

    code = "spent"


def spend(asked, *, session, trace):
    """Leave an effect, then do what the amount says: be fine, refuse, not know yet, or fail."""
    log.info("spending_begun")
    session.execute(
        text("INSERT INTO effects (message_id) VALUES (:id)"), {"id": trace.causation_id}
    )
    if asked["amount_pence"] == amounts.REFUSED:
        raise SpentError("There is nothing left.", left_pence=0)
    if asked["amount_pence"] == amounts.NOT_KNOWN_YET:
        raise NotKnownYetError("It has not arrived.")
    if asked["amount_pence"] == amounts.TIMES_OUT:
        raise eventlet.Timeout
    if asked["amount_pence"] == amounts.RAISES:
        raise RuntimeError("the name of a person")
    BUSY.get(asked["amount_pence"], lambda _session: None)(session)
    return {"spent_pence": asked["amount_pence"], "at": trace.at}


ACCESS = Access(
    service="budget",
    ways={},
    about_nobody=frozenset({"finish", "health", "spend", "wait"}),
)


class BudgetService:
    name = "budget"
    transaction = Database()
    trace = CurrentTrace()
    access = ACCESS
    on_purchase_requested = subscribe(PurchaseRequested, note)
    wait = query(Wait, wait)
    finish = query(Finish, find, finish=finish)
    spend = command(Spend, spend)
    health = query(HealthForm, health)


if __name__ == "__main__":
    logs.configure(process="ours")
    sys.exit(serve(BudgetService))
