"""what was refunded beyond what was captured"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE purchases ADD COLUMN unmatched_pence bigint NOT NULL DEFAULT 0,"
        " ADD CONSTRAINT purchases_unmatched_not_negative_check CHECK (unmatched_pence >= 0)"
    )
    op.execute("ALTER TABLE purchases ALTER COLUMN unmatched_pence DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE purchases DROP COLUMN unmatched_pence")
