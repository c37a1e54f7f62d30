"""find what was not fetched"""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("outgoing_messages_message_id_ix", "outgoing_messages", ["message_id"])
    op.create_index(
        "outgoing_messages_outside_id_ix",
        "outgoing_messages",
        ["outside_id"],
        postgresql_where=text("outside_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("outgoing_messages_outside_id_ix", "outgoing_messages")
    op.drop_index("outgoing_messages_message_id_ix", "outgoing_messages")
