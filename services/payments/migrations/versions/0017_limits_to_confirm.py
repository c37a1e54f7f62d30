"""the second person for a limit that loosens; limits that are there already count"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE spending_limits
            ADD COLUMN counts boolean NOT NULL DEFAULT true,
            ADD COLUMN loosens varchar[] NOT NULL DEFAULT '{}',
            ADD COLUMN confirmed_by uuid,
            ADD COLUMN confirmed_at timestamptz,
            DROP CONSTRAINT spending_limits_pkey,
            ADD CONSTRAINT spending_limits_pkey PRIMARY KEY (role, from_on, counts),
            ADD CONSTRAINT spending_limits_two_people_check CHECK (confirmed_by <> set_by),
            ADD CONSTRAINT spending_limits_counts_when_confirmed_check CHECK (
                (confirmed_by IS NULL) = (confirmed_at IS NULL)
                AND counts = (confirmed_by IS NOT NULL OR loosens = '{}')
            )
    """)
    op.execute("""
        ALTER TABLE spending_limits
            ALTER COLUMN counts DROP DEFAULT, ALTER COLUMN loosens DROP DEFAULT
    """)


def downgrade() -> None:
    op.execute("DELETE FROM spending_limits WHERE NOT counts")  # they never did
    op.execute("""
        ALTER TABLE spending_limits
            DROP CONSTRAINT spending_limits_pkey,
            ADD CONSTRAINT spending_limits_pkey PRIMARY KEY (role, from_on),
            DROP COLUMN counts, DROP COLUMN loosens,
            DROP COLUMN confirmed_by, DROP COLUMN confirmed_at
    """)
