"""with whom a person shares is told, in versions"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE people ADD sharing_version bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE people ALTER sharing_version DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE people DROP sharing_version")
