"""when a provider was asked, when words were forgotten, and who took a message back"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADDED = """
    ALTER TABLE deliveries ADD asked_at timestamptz;
    ALTER TABLE messages
        ADD emptied_at timestamptz,
        ADD cancelled_by uuid,
        ADD CONSTRAINT messages_cancelled_by_somebody_check
            CHECK ((state = 'cancelled') = (cancelled_by IS NOT NULL));
    CREATE INDEX messages_to_empty_ix ON messages (ended_at) WHERE emptied_at IS NULL;
"""
_BEFORE = """
    ALTER TABLE deliveries DROP asked_at;
    DROP INDEX messages_to_empty_ix;
    ALTER TABLE messages DROP emptied_at, DROP cancelled_by;
"""


def upgrade() -> None:
    op.execute(_ADDED)


def downgrade() -> None:
    op.execute(_BEFORE)
