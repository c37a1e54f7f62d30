"""what each thing of a plan is for, so that a statement can say it"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE budget_items ADD COLUMN goal varchar NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE budget_items ALTER COLUMN goal DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE budget_items DROP COLUMN goal")
