"""The second form: dead letters in a table, indices for relay and clearing, errands' traces."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_NOW = sa.text("now()")
_PENDING = sa.text("state = 'pending'")
_PUBLISHED = sa.text("state = 'published'")
_PROCESSED = sa.text("state = 'processed'")
_DEAD = sa.text("state = 'dead'")
# What is stuck is counted whenever Prometheus asks: not by reading all that ever passed.
_DONE = sa.text("state = 'done'")
_STUCK = (
    ("outbox_parked_ix", "outbox", "position", sa.text("state = 'parked'")),
    ("inbox_dead_ix", "inbox", "received_at", _DEAD),
    ("errands_failed_ix", "errands", "next_attempt_at", sa.text("state = 'failed'")),
)


def upgrade() -> None:
    for name, table, column, where in _STUCK:
        op.create_index(name, table, [column], unique=False, postgresql_where=where)
    op.drop_index("outbox_pending_ix", table_name="outbox", postgresql_where=_PENDING)
    op.create_index(
        "outbox_pending_ix",
        "outbox",
        ["position", "next_attempt_at"],
        unique=False,
        postgresql_where=_PENDING,
    )
    op.create_index(
        "outbox_published_ix",
        "outbox",
        ["published_at"],
        unique=False,
        postgresql_where=_PUBLISHED,
    )
    op.create_index(
        "inbox_processed_ix",
        "inbox",
        ["processed_at"],
        unique=False,
        postgresql_where=_PROCESSED,
    )
    op.add_column(
        "errands",
        sa.Column("traceparent", sa.String(), server_default=sa.text("''"), nullable=False),
    )
    op.create_index(
        "errands_done_ix", "errands", ["next_attempt_at"], unique=False, postgresql_where=_DONE
    )
    op.create_table(
        "errand_attempts",
        sa.Column("errand_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["errand_id"],
            ["errands.errand_id"],
            name=op.f("errand_attempts_errand_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("errand_id", "attempt", name=op.f("errand_attempts_pkey")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("dead_letter_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("deaths", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("routing_key", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "dead",
                "replayed",
                "discarded",
                name="deadletterstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("dead_letter_id", name=op.f("dead_letters_pkey")),
    )
    op.create_index("dead_letters_digest_ix", "dead_letters", ["digest"], unique=False)
    op.create_index(
        "dead_letters_dead_ix", "dead_letters", ["died_at"], unique=False, postgresql_where=_DEAD
    )
    op.create_table(
        "dead_letter_acts",
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("message_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("act_id", name=op.f("dead_letter_acts_pkey")),
    )
    op.drop_table("rejected_messages")


def downgrade() -> None:
    for name, table, _, where in _STUCK:
        op.drop_index(name, table_name=table, postgresql_where=where)
    op.create_table(
        "rejected_messages",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("routing_key", sa.String(), nullable=False),
        sa.Column("rejected_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("rejected_messages_pkey")),
    )
    op.drop_table("errand_attempts")
    op.drop_index("errands_done_ix", table_name="errands", postgresql_where=_DONE)
    op.drop_table("dead_letter_acts")
    op.drop_index("dead_letters_dead_ix", table_name="dead_letters", postgresql_where=_DEAD)
    op.drop_index("dead_letters_digest_ix", table_name="dead_letters")
    op.drop_table("dead_letters")
    op.drop_column("errands", "traceparent")
    op.drop_index("inbox_processed_ix", table_name="inbox", postgresql_where=_PROCESSED)
    op.drop_index("outbox_published_ix", table_name="outbox", postgresql_where=_PUBLISHED)
    op.drop_index("outbox_pending_ix", table_name="outbox", postgresql_where=_PENDING)
    op.create_index(
        "outbox_pending_ix", "outbox", ["position"], unique=False, postgresql_where=_PENDING
    )
