"""What a purchase reads of the ledger does not grow with the ledger."""

import pytest
from sqlalchemy import text

from services.budget.holds import subscribers
from tests.factories import a_trace
from tests.integration.budget.budgets import a_purchase, amounts_of, an_active_budget

OTHERS = 5_000
FEW = OTHERS / 2
MANY = (
    """INSERT INTO budgets (budget_id, plan_id, plan_version, person_id, legal_basis, total_pence,
                            state, low_below_pence, is_low, pool_id)
       SELECT gen_random_uuid(), plan_id, plan_version, gen_random_uuid(), legal_basis, total_pence,
              state, low_below_pence, is_low, pool_id
       FROM budgets, generate_series(1, :others)""",
    """INSERT INTO accounts (budget_id, funder_id, funder_kind, kind, name)
       SELECT gen_random_uuid(), funder_id, funder_kind, kind, name
       FROM accounts, generate_series(1, :others) WHERE kind IN ('available', 'paid_out')""",
    """INSERT INTO balances (account_id, posted_pence, held_pence)
       SELECT account_id, 0, 0 FROM accounts WHERE kind = 'available' ON CONFLICT DO NOTHING""",
    """INSERT INTO holds (purchase_id, budget_id, item_id, agreement_id, asked_pence, held_pence,
                          posted_pence, expires_at, version, amounts_version, unmatched_pence)
       SELECT gen_random_uuid(), b.budget_id, item_id, agreement_id, 2, 0, 0, now(), 1, 0, 0
       FROM budgets AS b, budget_items, agreements""",
    """INSERT INTO hold_portions (purchase_id, funder_id, asked_pence, held_pence, posted_pence,
                                  overspent_pence, advanced_pence)
       SELECT purchase_id, funder_id, 1, 0, 0, 0, 0 FROM holds JOIN agreement_shares
       USING (agreement_id)""",
)
READ_ONE_BY_ONE = text("SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables")


def read_one_by_one(session):
    """Return how many rows of each table were read in turn; what was before counts for a while."""
    return dict(session.execute(READ_ONE_BY_ONE).all())


@pytest.fixture
def owner(owners):
    return owners("budget")


def test_a_purchase_finds_what_it_needs_by_its_keys(transaction, owner):
    active = an_active_budget(transaction, joint=100_00)
    with owner.begin() as connection:
        for statement in MANY:
            connection.execute(text(statement), {"others": OTHERS})
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))

    with transaction() as session:
        before = read_one_by_one(session)
        purchase = a_purchase(active, 20_00)
        subscribers.answer_purchase(purchase, session=session, trace=a_trace())
        spent = amounts_of(purchase, version=1, held_pence=5_00, posted_pence=15_00)
        subscribers.converge(spent, session=session, trace=a_trace())
        since = read_one_by_one(session)
    assert {name: rows for name, rows in since.items() if rows - before.get(name, 0) > FEW} == {}
