"""at which address the members of a care team get e-mails"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE team_memberships ADD email varchar")


def downgrade() -> None:
    op.execute("ALTER TABLE team_memberships DROP email")
