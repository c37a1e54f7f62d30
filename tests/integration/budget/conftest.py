"""After every test on the ledger, every penny is looked for in the rows themselves."""

import pytest
from sqlalchemy import text

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
WHERE posted_pence <> credited - debited OR held_pence <> held OR posted_pence < held_pence
"""

UNEQUAL_SPENDING = """
SELECT accounts.budget_id, accounts.funder_id, kind, booked, shown
FROM accounts,
LATERAL (SELECT coalesce(sum(CASE account_id WHEN credit_account_id THEN amount_pence
                                             ELSE -amount_pence END), 0) AS booked
         FROM postings WHERE account_id IN (credit_account_id, debit_account_id)) AS booking,
LATERAL (SELECT coalesce(sum(CASE accounts.kind WHEN 'paid_out' THEN hold_portions.posted_pence
                                                ELSE -overspent_pence END), 0) AS shown
         FROM hold_portions JOIN holds USING (purchase_id)
         WHERE holds.budget_id = accounts.budget_id
           AND hold_portions.funder_id = accounts.funder_id) AS showing
WHERE kind IN ('paid_out', 'overspent') AND booked <> shown
"""

UNEQUAL_HOLDS = """
SELECT purchase_id FROM holds JOIN hold_portions AS portions USING (purchase_id)
GROUP BY purchase_id
HAVING holds.held_pence <> sum(portions.held_pence)
    OR holds.posted_pence <> sum(portions.posted_pence)
    OR holds.asked_pence <> sum(portions.asked_pence)
"""

UNEQUAL_SHARES = """
SELECT budget_id, funder_id, joint_spent_pence, used
FROM funder_shares,
LATERAL (SELECT coalesce(sum(portions.held_pence + portions.posted_pence), 0) AS used
         FROM hold_portions AS portions JOIN holds USING (purchase_id)
         JOIN budget_items USING (item_id)
         WHERE holds.budget_id = funder_shares.budget_id AND payer = 'joint'
           AND portions.funder_id = funder_shares.funder_id) AS using_it
WHERE joint_spent_pence <> used
"""

UNEQUAL_CONTRIBUTIONS = """
SELECT contribution_id, amount_pence, booked
FROM contributions LEFT JOIN LATERAL (
    SELECT sum(postings.amount_pence) AS booked
    FROM journals JOIN postings USING (journal_id)
    WHERE source_id = contribution_id AND postings.funder_id = contributions.funder_id
) AS booking ON true
WHERE coalesce(booked, 0) <> CASE WHEN received_at IS NULL THEN 0 ELSE amount_pence END
"""


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(transaction):
    yield
    with transaction() as session:
        for unequal in (
            UNEQUAL_BALANCES,
            UNEQUAL_SPENDING,
            UNEQUAL_HOLDS,
            UNEQUAL_SHARES,
            UNEQUAL_CONTRIBUTIONS,
        ):
            assert session.execute(text(unequal)).all() == []
