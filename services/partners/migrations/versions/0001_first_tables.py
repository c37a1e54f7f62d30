"""first tables"""

import sqlalchemy as sa
from alembic import op

from access import revisions
from shared.migrations.versions import messaging_0001, messaging_0002

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NOBODYS = (
    "received_messages",
    "unreadable_messages",
    "mesh_messages",
    "tellings",
    "budget_funders",
    "silences",
)
PERSONAL = {
    "known_budgets": "person_id",
    "outgoing_messages": "person_id?",
    "heard_events": "person_id?",
}


def upgrade() -> None:
    op.create_table(
        "received_messages",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("message_type", sa.String(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "accepted", "rejected", name="receivedstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("copies", sa.BigInteger(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("partner", "message_id", name=op.f("received_messages_pkey")),
    )
    op.create_index(
        "received_messages_waiting_ix",
        "received_messages",
        ["partner"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "unreadable_messages",
        sa.Column("unreadable_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_to_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("unreadable_id", name=op.f("unreadable_messages_pkey")),
    )
    op.create_table(
        "mesh_messages",
        sa.Column("mesh_id", sa.String(), nullable=False),
        sa.Column("came_of_it", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mesh_id", name=op.f("mesh_messages_pkey")),
    )
    op.create_table(
        "outgoing_messages",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("message_type", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sent",
                "undelivered",
                "parked",
                name="outgoingstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outside_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("outgoing_messages_pkey")),
    )
    op.create_index(
        "outgoing_messages_pending_ix",
        "outgoing_messages",
        ["partner", "system", "position"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "outgoing_messages_of_person_ix", "outgoing_messages", ["person_id", "position"]
    )
    op.create_table(
        "heard_events",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("budget_id", sa.Uuid(), nullable=True),
        sa.Column("funder_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("is_personal", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("heard_events_pkey")),
        sa.UniqueConstraint("event_id", name=op.f("heard_events_event_id_key")),
    )
    op.create_index("heard_events_of_person_ix", "heard_events", ["person_id", "position"])
    op.create_index("heard_events_of_budget_ix", "heard_events", ["budget_id", "position"])
    op.create_index(
        "received_messages_of_partner_ix", "received_messages", ["partner", "received_at"]
    )
    op.create_table(
        "tellings",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "event_id", name=op.f("tellings_pkey")),
    )
    op.create_table(
        "known_budgets",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("budget_id", name=op.f("known_budgets_pkey")),
    )
    op.create_index(op.f("known_budgets_person_id_ix"), "known_budgets", ["person_id"])
    op.create_table(
        "budget_funders",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("funder_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("budget_id", "funder_id", name=op.f("budget_funders_pkey")),
    )
    op.create_table(
        "silences",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("silent_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner", "silent_since", name=op.f("silences_pkey")),
    )
    messaging_0001.create_tables()
    messaging_0002.upgrade()
    revisions.create_tables("partners")
    revisions.add_instant_of_end()
    revisions.open_to_reader("partners", NOBODYS)
    revisions.protect("partners", PERSONAL)


def downgrade() -> None:
    revisions.unprotect(PERSONAL)
    revisions.close_to_reader("partners", [*NOBODYS, *PERSONAL])
    revisions.drop_instant_of_end()
    revisions.drop_tables("partners")
    messaging_0002.downgrade()
    messaging_0001.drop_tables()
    for table in (
        "silences",
        "budget_funders",
        "known_budgets",
        "tellings",
        "heard_events",
        "outgoing_messages",
        "mesh_messages",
        "unreadable_messages",
        "received_messages",
    ):
        op.drop_table(table)
