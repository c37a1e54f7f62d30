"""what people answer by text"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_REPLIES = """
    CREATE TABLE replies (
        reply_id uuid NOT NULL CONSTRAINT replies_pkey PRIMARY KEY,
        number_digest varchar NOT NULL,
        message_digest varchar NOT NULL,
        meaning varchar(32) NOT NULL,
        person_id uuid,
        sent_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        answered_at timestamptz,
        seen_to_at timestamptz,
        seen_to_by uuid,
        CONSTRAINT replies_seen_to_by_somebody_check
            CHECK ((seen_to_at IS NULL) = (seen_to_by IS NULL))
    );
    CREATE INDEX replies_of_number_ix ON replies (number_digest, received_at);
    CREATE INDEX replies_open_ix ON replies (received_at) WHERE meaning = 'other';
"""


def upgrade() -> None:
    op.execute(_REPLIES)


def downgrade() -> None:
    op.execute("DROP TABLE replies")
