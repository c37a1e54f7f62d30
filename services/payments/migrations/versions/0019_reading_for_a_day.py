"""relations that end within a day"""

from access import revisions

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    revisions.add_instant_of_end()


def downgrade() -> None:
    revisions.drop_instant_of_end()
