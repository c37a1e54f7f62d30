"""a balance counts the postings that moved it, so that none comes or goes unseen (I10)"""

from importlib import import_module

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BEFORE = import_module("services.budget.migrations.versions.0017_holds_in_lists")

WITHOUT_COUNTING = """
    SET posted_pence = posted_pence + posted_step, held_pence = held_pence + held_step
    FROM (SELECT touched_id, sum(posted)::bigint AS posted_step, sum(held)::bigint AS held_step
          FROM (SELECT credited_id AS touched_id, amount AS posted, 0 AS held
                FROM unnest(credit_ids, amounts_pence) AS credited (credited_id, amount)
                UNION ALL
                SELECT debited_id, -amount, 0
                FROM unnest(debit_ids, amounts_pence) AS debited (debited_id, amount)
                UNION ALL
                SELECT held_id, 0, step
"""
COUNTING = """
    SET posted_pence = posted_pence + posted_step, held_pence = held_pence + held_step,
        moves = moves + moves_step
    FROM (SELECT touched_id, sum(posted)::bigint AS posted_step, sum(held)::bigint AS held_step,
                 sum(move)::bigint AS moves_step
          FROM (SELECT credited_id AS touched_id, amount AS posted, 0 AS held, 1 AS move
                FROM unnest(credit_ids, amounts_pence) AS credited (credited_id, amount)
                UNION ALL
                SELECT debited_id, -amount, 0, 1
                FROM unnest(debit_ids, amounts_pence) AS debited (debited_id, amount)
                UNION ALL
                SELECT held_id, 0, step, 0
"""
BOOK = BEFORE.BOOK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
COUNTED = """
    UPDATE balances SET moves = counted FROM (
        SELECT account_id, count(*) AS counted FROM (
            SELECT credit_account_id AS account_id FROM postings
            UNION ALL SELECT debit_account_id FROM postings) AS sides
        GROUP BY account_id) AS counts
    WHERE counts.account_id = balances.account_id
"""


def upgrade() -> None:
    op.execute("ALTER TABLE balances ADD COLUMN moves bigint NOT NULL DEFAULT 0")
    op.execute(COUNTED)
    op.execute(BOOK.replace(WITHOUT_COUNTING, COUNTING))


def downgrade() -> None:
    op.execute(BOOK)
    op.execute("ALTER TABLE balances DROP COLUMN moves")
