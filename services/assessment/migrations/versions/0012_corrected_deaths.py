"""what a death closed, so that it can be opened again"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE life_events ADD closed jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE life_events DROP closed")
