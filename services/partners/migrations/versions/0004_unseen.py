"""find what nobody has seen to, by partner"""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "unreadable_messages_unseen_ix",
        "unreadable_messages",
        ["partner"],
        postgresql_where=text("seen_to_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("unreadable_messages_unseen_ix", "unreadable_messages")
