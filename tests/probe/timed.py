"""A service that looks now and then what is due; run as a program by the tests."""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402

from sqlalchemy import text  # noqa: E402

from access.scope import Access  # noqa: E402
from operations.runner import serve  # noqa: E402
from shared.messaging.entrypoints import CurrentTrace, Database, every, query  # noqa: E402
from shared.messaging.health import HealthForm, health  # noqa: E402
from shared.observability import logs  # noqa: E402

OFTEN, HOURLY = "work_id < 100", "work_id >= 100"


def due(which):
    undone = text(f"SELECT work_id FROM timed WHERE NOT is_done AND {which} ORDER BY 1")  # noqa: S608
    return lambda _at, *, session: list(session.scalars(undone))


def work(work_id, *, session, trace):
    """Do it, and then fail if it says so."""
    done = text(
        "UPDATE timed SET is_done = true, times = times + 1, actor = :actor"
        " WHERE work_id = :work_id AND NOT is_done RETURNING fails"
    )
    if session.scalar(done, {"work_id": work_id, "actor": trace.actor}):
        raise RuntimeError("the name of a person")


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
    look = every(0.1, due(OFTEN), work)
    look_hourly = every(3600, due(HOURLY), work)
    health = query(HealthForm, health)


if __name__ == "__main__":
    logs.configure(process="timed")
    sys.exit(serve(BudgetService))
