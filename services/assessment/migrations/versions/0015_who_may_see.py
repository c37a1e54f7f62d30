"""who may see whose record, who saw it, and the reader that sees no other"""

from access import revisions

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    revisions.create_tables("assessment")


def downgrade() -> None:
    revisions.drop_tables("assessment")
