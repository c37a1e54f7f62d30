"""Streams of money that becomes usable bit by bit, and what can be asked of them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import NHS, POOL, an_active_budget, ask


def weeks_later(weeks):
    return TUESDAY_AT_TEN + timedelta(weeks=weeks)


def on(year, month, day):
    return datetime(year, month, day, 10, tzinfo=UTC)


def a_budget(transaction, *, nhs=260_00, joint=20_00):
    """Return an active budget in which the NHS body alone pays for one thing."""
    return an_active_budget(transaction, nhs=nhs, joint=joint)


def a_stream(planned, **changes):
    """Return the fields of a weekly stream of 50.00 over five weeks; what is left lapses."""
    given = {
        "allocation_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "funder_id": str(NHS),
        "recurrence": "week",
        "amount_pence": 50_00,
        "starts_on": "2026-11-24",
        "ends_on": "2026-12-29",
        "leftover": "lapse",
    }
    return {name: value for name, value in (given | changes).items() if value is not None}


def schedule(transaction, planned, *, at=TUESDAY_AT_TEN, **changes):
    stream = a_stream(planned, **changes)
    answer = ask(transaction, "schedule_allocation", at=at, **stream)
    assert "result" in answer, answer
    return stream


def run(transaction, *, at=TUESDAY_AT_TEN, day=None, pool_id=POOL):
    """Make what is due on a day, and return the answer."""
    day = day or at.date().isoformat()
    return ask(transaction, "run_allocations", at=at, pool_id=str(pool_id), on=day)


def shown(transaction, planned):
    return ask(transaction, "allocations", budget_id=str(planned.budget_id))["result"]


def runs_of(transaction, planned):
    """Return the runs of the only stream of a budget: day, allocated, taken back, short."""
    (stream,) = shown(transaction, planned)["allocations"]
    return [
        (
            run["period_starts_on"],
            run["allocated_pence"],
            run["taken_back_pence"],
            run["short_pence"],
        )
        for run in stream["runs"]
    ]


def unallocated(transaction, planned, funder_id=NHS):
    (pence,) = (
        one["unallocated_pence"]
        for one in shown(transaction, planned)["funders"]
        if one["funder_id"] == str(funder_id)
    )
    return pence
