"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.versions import messaging_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "named_contacts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(name IS NULL) = (role IS NULL)", name=op.f("named_contacts_name_with_role_check")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("named_contacts_version_counts_check")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("named_contacts_pkey")),
    )
    op.create_table(
        "people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("is_interpreter_required", sa.Boolean(), nullable=False),
        sa.Column("accessible_format", sa.String(), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("address_lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "preferred_channel",
            sa.Enum("sms", "email", "letter", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("is_safe_to_text", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("people_version_counts_check")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("people_pkey")),
    )
    op.create_table(
        "messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column(
            "importance",
            sa.Enum("critical", "normal", name="importance", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("sms", "email", "letter", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_wanted", sa.String(), nullable=False),
        sa.Column("format_wanted", sa.String(), nullable=True),
        sa.Column("template_version", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "failed",
                "delivered",
                name="messagestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(channel = 'sms') = (subject IS NULL)", name=op.f("messages_subject_unless_sms_check")
        ),
        sa.CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)",
            name=op.f("messages_delivered_has_time_check"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (reason IS NOT NULL)",
            name=op.f("messages_failed_has_reason_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("messages_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("messages_pkey")),
        sa.UniqueConstraint("event_id", "person_id", "topic", name="messages_told_once_key"),
        sa.UniqueConstraint("provider_id", name=op.f("messages_provider_id_key")),
    )
    op.create_index("messages_of_person_ix", "messages", ["person_id", "created_at"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.message_id"], name=op.f("receipts_message_id_fkey")
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("receipts_pkey")),
        sa.UniqueConstraint(
            "provider_id",
            "status",
            "completed_at",
            name="receipts_told_once_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("receipts_message_id_ix"), "receipts", ["message_id"], unique=False)
    messaging_0001.create_tables()


def downgrade() -> None:
    messaging_0001.drop_tables()
    op.drop_index(op.f("receipts_message_id_ix"), table_name="receipts")
    op.drop_table("receipts")
    op.drop_index("messages_of_person_ix", table_name="messages")
    op.drop_table("messages")
    op.drop_table("people")
    op.drop_table("named_contacts")
