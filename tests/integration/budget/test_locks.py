"""A budget is locked in one way: against whoever writes to it, and nobody who only names it."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.budget.agreements.models import locked_budget, locked_budgets
from services.budget.holds import purchases
from tests.architecture.house import ROOT
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import a_purchase, an_active_budget

LOCK = text("SELECT FROM budgets WHERE budget_id = :budget_id FOR NO KEY UPDATE NOWAIT")
NAME = text("SELECT FROM budgets WHERE budget_id = :budget_id FOR KEY SHARE NOWAIT")


def by_the_database(session, budget_id, purchase):
    return purchases.as_it_stands(
        session,
        purchase.purchase_id,
        budget_id=budget_id,
        item_id=purchase.item_id,
        on=TUESDAY_AT_TEN.date(),
    )


WAYS = {
    "one": lambda session, budget_id, _: locked_budget(session, budget_id),
    "many": lambda session, budget_id, _: locked_budgets(session, [budget_id]),
    "by the database": by_the_database,
}


@pytest.mark.parametrize("way", WAYS)
def test_who_locks_a_budget_keeps_out_who_writes_and_not_who_names_it(transaction, way):
    active = an_active_budget(transaction, joint=10_00)
    of_budget = {"budget_id": active.budget_id}

    with transaction() as session:
        assert WAYS[way](session, active.budget_id, a_purchase(active, 1_00))
        with transaction() as other:
            other.execute(NAME, of_budget)  # as a foreign key does
        with pytest.raises(DBAPIError, match="could not obtain lock"), transaction() as other:
            other.execute(LOCK, of_budget)


def test_rows_are_locked_in_no_other_way():
    other = re.compile(r"with_for_update\((?!\*\*LOCKED)|with_for_update=(?!LOCKED\b)|FOR UPDATE\b")
    files = [
        path
        for path in (ROOT / "services" / "budget").rglob("*.py")
        if "migrations" not in path.parts
    ]
    found = {path.name: other.findall(path.read_text()) for path in files}
    del found["tables.py"]  # which says why
    assert not any(found.values()), found
