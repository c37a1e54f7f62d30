"""what is compared with limits, and the second person for a card policy that loosens"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE spending_limits
            ADD COLUMN counts_for_days bigint NOT NULL DEFAULT 30
                CONSTRAINT spending_limits_counts_for_days_positive_check
                CHECK (counts_for_days > 0)
    """)
    op.execute("ALTER TABLE spending_limits ALTER COLUMN counts_for_days DROP DEFAULT")
    op.execute("ALTER TABLE purchases ADD COLUMN counted_pence bigint")
    op.execute("UPDATE purchases SET counted_pence = amount_pence + tolerance_pence")
    op.execute("""
        ALTER TABLE purchases
            ALTER COLUMN counted_pence SET NOT NULL,
            ADD CONSTRAINT purchases_counted_positive_check CHECK (counted_pence > 0)
    """)
    op.execute("ALTER TABLE approval_decisions ADD COLUMN counted_pence bigint")
    op.execute("UPDATE approval_decisions SET counted_pence = amount_pence")
    op.execute("ALTER TABLE approval_decisions ALTER COLUMN counted_pence SET NOT NULL")
    op.execute("""
        ALTER TABLE card_policies
            ALTER COLUMN version DROP NOT NULL,
            ADD COLUMN loosens varchar[] NOT NULL DEFAULT '{}',
            ADD COLUMN confirmed_by uuid,
            ADD COLUMN confirmed_at timestamptz,
            ADD CONSTRAINT card_policies_two_people_check CHECK (confirmed_by <> set_by),
            ADD CONSTRAINT card_policies_counts_when_confirmed_check CHECK (
                (confirmed_by IS NULL) = (confirmed_at IS NULL)
                AND (version IS NULL) = (confirmed_by IS NULL AND loosens <> '{}')
            )
    """)
    op.execute("ALTER TABLE card_policies ALTER COLUMN loosens DROP DEFAULT")


def downgrade() -> None:
    op.execute("DELETE FROM card_policies WHERE version IS NULL")  # they never counted
    op.execute("""
        ALTER TABLE card_policies
            DROP COLUMN loosens, DROP COLUMN confirmed_by, DROP COLUMN confirmed_at,
            ALTER COLUMN version SET NOT NULL
    """)
    op.execute("ALTER TABLE approval_decisions DROP COLUMN counted_pence")
    op.execute("ALTER TABLE purchases DROP COLUMN counted_pence")
    op.execute("ALTER TABLE spending_limits DROP COLUMN counts_for_days")
