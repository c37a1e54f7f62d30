"""who referred a person hears of them by their consent, and not for having referred them"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Until this release is told with whom a person shares, who referred them hears on.
    op.execute("UPDATE relations SET source = 'consent' WHERE source = 'referral'")


def downgrade() -> None:
    op.execute("UPDATE relations SET source = 'referral' WHERE source = 'consent'")
    op.execute("DELETE FROM relation_versions WHERE source = 'consent'")
