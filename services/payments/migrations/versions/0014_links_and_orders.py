"""a link is confirmed, an invoice is ordered once, and what the bank paid all the same is kept"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INVOICES = """
    CREATE UNIQUE INDEX transfers_invoice_key ON transfers (payee_id, invoice_key, amount_pence)
    WHERE invoice_key IS NOT NULL AND state
"""


def upgrade() -> None:
    op.execute("""
        ALTER TABLE item_payees
            ADD COLUMN confirmed_by uuid,
            ADD COLUMN confirmed_at timestamptz,
            ADD CONSTRAINT item_payees_confirmed_by_another_check
                CHECK (confirmed_by <> linked_by)
    """)
    op.execute("DROP INDEX transfers_invoice_key")
    op.execute(f"{INVOICES} IN ('ordered', 'accepted')")


def downgrade() -> None:
    op.execute("DROP INDEX transfers_invoice_key")
    op.execute(f"{INVOICES} <> 'failed'")
    op.execute("ALTER TABLE item_payees DROP COLUMN confirmed_by, DROP COLUMN confirmed_at")
