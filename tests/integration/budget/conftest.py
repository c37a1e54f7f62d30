"""After every test on the ledger, every penny is looked for in the rows themselves."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget
from services.budget.funders.models import Funder
from services.budget.reports import queries as reports
from services.budget.reports.rules import Asked, Form
from services.budget.verify import findings
from shared.database import open_sessions

pytest.register_assert_rewrite("tests.integration.budget.machine")  # it asserts outside of tests

MOST_BUDGETS = 20
OF_ALL_TIMES = Asked(
    starts_on=date(1990, 1, 1),
    ends_on=date(2200, 1, 1),
    form=Form.JSON,
)

# ruff: noqa: S608 - what is put together here are words of this file

UNEQUAL_BALANCES = """
SELECT account_id, posted_pence, held_pence, credited - debited AS posted, held
FROM balances JOIN accounts USING (account_id),
LATERAL (SELECT coalesce(sum(amount_pence), 0) AS credited
         FROM postings WHERE credit_account_id = account_id) AS credits,
LATERAL (SELECT coalesce(sum(amount_pence), 0) AS debited
         FROM postings WHERE debit_account_id = account_id) AS debits,
LATERAL (SELECT coalesce(sum(hold_portions.held_pence), 0) AS held
         FROM hold_portions JOIN holds USING (purchase_id)
         WHERE holds.budget_id = accounts.budget_id
           AND hold_portions.funder_id = accounts.funder_id) AS holding
WHERE posted_pence <> credited - debited OR posted_pence < held_pence
   OR held_pence <> CASE kind WHEN 'available' THEN held ELSE 0 END
"""

# What every account came to, by the journals that brought it there.
BOOKED = """
WITH booked AS (
    SELECT a.budget_id, a.funder_id, a.kind, a.name, j.kind AS journal_kind, j.source_id,
           CASE a.account_id WHEN p.credit_account_id THEN amount_pence
                             ELSE -amount_pence END AS pence
    FROM postings AS p JOIN journals AS j USING (journal_id)
    JOIN accounts AS a ON a.account_id IN (p.credit_account_id, p.debit_account_id)
)
"""

# What a funder has spent left what was available to it, or was overspent.
UNEQUAL_SPENDING = f"""
{BOOKED}
SELECT * FROM (
    SELECT source_id AS purchase_id, funder_id, -sum(pence) AS spent,
           coalesce(-sum(pence) FILTER (WHERE kind = 'overspent'), 0) AS overspent
    FROM booked
    WHERE journal_kind IN ('capture', 'refund', 'reapportionment')
      AND kind IN ('available', 'overspent')
    GROUP BY source_id, funder_id) AS booking
FULL JOIN hold_portions AS portions USING (purchase_id, funder_id)
WHERE coalesce(spent, 0) <> coalesce(portions.posted_pence, 0)
   OR coalesce(overspent, 0) <> coalesce(overspent_pence, 0)
"""

# What others advanced for a funder stands in its book as due to the host, and nowhere else.
UNEQUAL_ADVANCES = f"""
{BOOKED}
SELECT * FROM (
    SELECT source_id AS purchase_id, b.funder_id, sum(pence) AS due
    FROM booked AS b JOIN budgets USING (budget_id) JOIN pools USING (pool_id)
    WHERE b.kind IN ('due_to', 'due_from') AND b.funder_id <> host_id
      AND journal_kind IN ('capture', 'refund', 'reapportionment')
    GROUP BY source_id, b.funder_id) AS booking
FULL JOIN hold_portions AS portions USING (purchase_id, funder_id)
WHERE coalesce(due, 0) <> coalesce(advanced_pence, 0)
"""

UNEQUAL_HOLDS = """
SELECT purchase_id FROM holds JOIN hold_portions AS portions USING (purchase_id)
GROUP BY purchase_id
HAVING holds.held_pence <> sum(portions.held_pence)
    OR holds.posted_pence <> sum(portions.posted_pence)
    OR holds.asked_pence <> sum(portions.asked_pence)
"""

UNEQUAL_SHARES = """
SELECT agreement_id, funder_id, spent_pence, used FROM agreement_shares
FULL JOIN (
    SELECT agreement_id, portions.funder_id,
           sum(portions.held_pence + portions.posted_pence) AS used
    FROM hold_portions AS portions JOIN holds USING (purchase_id)
    GROUP BY agreement_id, portions.funder_id) AS using_it USING (agreement_id, funder_id)
WHERE coalesce(spent_pence, 0) <> coalesce(used, 0)
"""

# I16: what one owes another is what that other has to get from it, in every budget.
UNEQUAL_DEBTS = f"""
{BOOKED}
SELECT budget_id, one, another, sum(pence) FROM (
    SELECT b.budget_id, b.funder_id AS one, f.funder_id AS another, pence
    FROM booked AS b JOIN funders AS f ON b.name = 'due_to ' || f.code
    UNION ALL
    SELECT b.budget_id, f.funder_id, b.funder_id, pence
    FROM booked AS b JOIN funders AS f ON b.name = 'due_from ' || f.code) AS debts
GROUP BY budget_id, one, another
HAVING sum(pence) <> 0
"""

# What came in for a contribution, and what was promised of it, by its journals and its receipts.
UNEQUAL_CONTRIBUTIONS = f"""
{BOOKED}
SELECT * FROM (
    SELECT c.*,
           (SELECT coalesce(-sum(pence), 0) FROM booked
            WHERE source_id = contribution_id AND booked.funder_id = c.funder_id
              AND journal_kind = 'contribution'
              AND kind IN ('paid_in', 'released_in', 'contributed')) AS came_in,
           (SELECT coalesce(-sum(pence), 0) FROM booked
            WHERE source_id = contribution_id AND kind = 'promised') AS still_promised,
           (SELECT coalesce(-sum(pence), 0) FROM booked
            WHERE source_id = contribution_id AND kind = 'charged') AS charged,
           (SELECT coalesce(sum(amount_pence), 0) FROM receipts AS r
            WHERE r.contribution_id = c.contribution_id) AS receipts_pence,
           f.kind AS funder_kind
    FROM contributions AS c JOIN funders AS f USING (funder_id)) AS booking
WHERE came_in <> received_pence OR receipts_pence <> received_pence
   OR charged <> CASE funder_kind WHEN 'person' THEN received_pence ELSE 0 END
   OR still_promised <> CASE WHEN committed_at IS NULL THEN 0
                             ELSE amount_pence - received_pence END
"""

# What is still to come of a charge is what the person was called for and has not paid.
UNEQUAL_CHARGES = f"""
{BOOKED}
SELECT * FROM (
    SELECT budget_id, coalesce(-sum(pence), 0) AS due FROM booked
    WHERE kind = 'charge_due' GROUP BY budget_id) AS charges
FULL JOIN (
    SELECT budget_id, sum(amount_pence - received_pence) AS missing
    FROM contributions JOIN funders USING (funder_id)
    WHERE kind = 'person' GROUP BY budget_id) AS calls USING (budget_id)
WHERE coalesce(due, 0) <> coalesce(missing, 0)
"""


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(transaction):
    yield
    with transaction() as session:
        for unequal in (
            UNEQUAL_BALANCES,
            UNEQUAL_SPENDING,
            UNEQUAL_ADVANCES,
            UNEQUAL_HOLDS,
            UNEQUAL_SHARES,
            UNEQUAL_DEBTS,
            UNEQUAL_CONTRIBUTIONS,
            UNEQUAL_CHARGES,
        ):
            assert session.execute(text(unequal)).all() == []


@pytest.fixture(autouse=True)
def _everybody_can_be_told(transaction):
    """After every test, too: whatever happened, whoever may ask can be told.

    A statement whose figures do not add up cannot be made.
    """
    yield
    with transaction() as session:
        budget_ids = session.scalars(select(Budget.budget_id)).all()
        funder_ids = session.scalars(select(Funder.funder_id).where(Funder.kind != "person")).all()
    if len(budget_ids) > MOST_BUDGETS:  # nobody is told of so many at once
        return
    asked = [
        *((reports.person_statement, {"budget_id": budget_id}) for budget_id in budget_ids),
        *((reports.funder_statement, {"funder_id": funder_id}) for funder_id in funder_ids),
        (reports.auditor_statement, {}),
    ]
    for question, about in asked:
        with transaction() as session:
            assert question(replace(OF_ALL_TIMES, **about), session=session)


@pytest.fixture
def found(owners):
    """Ask the verifier what is wrong in the books."""

    def look(**kept):
        with Session(owners("budget")) as session:
            return list(findings(session, **kept))

    return look


@pytest.fixture
def verified(found):
    """After the test the whole verifier looks; what is asked after every test knows no runs."""
    yield
    assert found() == []


@pytest.fixture
def as_owner(owners):
    """Transactions as the role that owns the tables and changes them in migrations."""
    return open_sessions(owners("budget")).begin


@pytest.fixture
def rewrite(owners, emptied):
    """Change rows as somebody could who has got hold of the server; they go with the test."""

    def execute(*statements):
        with owners("budget").begin() as connection:
            for statement in statements:
                tables = re.findall(r"(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)", statement)
                for table in tables:
                    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                assert connection.execute(text(statement)).rowcount, statement
                for table in tables:
                    connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))

    yield execute
    emptied("budget")


@pytest.fixture
def is_final(transaction, as_owner):
    """See that neither the service nor the owner of the tables changes what is history."""

    def see(change):
        with pytest.raises(DBAPIError, match="permission denied"), transaction() as session:
            session.execute(text(change))
        with pytest.raises(DBAPIError, match="history is never changed"), as_owner() as session:
            session.execute(text(change))

    return see
