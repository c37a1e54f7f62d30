"""dead letters in a table, and indices for relay and clearing"""

from shared.migrations.versions import messaging_0002

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    messaging_0002.upgrade()


def downgrade() -> None:
    messaging_0002.downgrade()
