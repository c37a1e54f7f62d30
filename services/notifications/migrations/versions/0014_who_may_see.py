"""who may see whose record, who saw it, and the reader that sees no other"""

from access import revisions

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    revisions.create_tables("notifications")


def downgrade() -> None:
    revisions.drop_tables("notifications")
