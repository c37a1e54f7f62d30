"""relations that end within a day, and who is named as the second person"""

from alembic import op

from access import revisions

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NOBODYS = ("second_people",)

# An earlier release knows no such readers: what they were to get is forgotten.
_FORGOTTEN = """
    DELETE FROM receipts USING deliveries, messages
        WHERE receipts.delivery_id = deliveries.delivery_id
        AND deliveries.message_id = messages.message_id AND messages.audience = 'second';
    DELETE FROM attempts USING deliveries, messages
        WHERE attempts.delivery_id = deliveries.delivery_id
        AND deliveries.message_id = messages.message_id AND messages.audience = 'second';
    DELETE FROM errands USING deliveries, messages
        WHERE errands.arguments->>'delivery_id' = deliveries.delivery_id::text
        AND deliveries.message_id = messages.message_id AND messages.audience = 'second';
    DELETE FROM deliveries USING messages
        WHERE deliveries.message_id = messages.message_id AND messages.audience = 'second';
    DELETE FROM messages WHERE audience = 'second';
    DROP TABLE second_people;
"""


def upgrade() -> None:
    revisions.add_instant_of_end()
    op.execute("""
        CREATE TABLE second_people (
            staff_id uuid NOT NULL CONSTRAINT second_people_pkey PRIMARY KEY,
            name bytea NOT NULL,
            email bytea NOT NULL,
            named_at timestamptz NOT NULL
        )""")
    revisions.open_to_reader("notifications", NOBODYS)


def downgrade() -> None:
    op.execute(_FORGOTTEN)
    revisions.drop_instant_of_end()
