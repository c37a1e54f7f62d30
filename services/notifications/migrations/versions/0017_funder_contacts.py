"""who is written to at an organisation that pays"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# An earlier release knows no such readers: what they were to get is forgotten.
_FORGOTTEN = """
    DELETE FROM receipts USING deliveries, messages
        WHERE receipts.delivery_id = deliveries.delivery_id
        AND deliveries.message_id = messages.message_id AND messages.audience = 'funder';
    DELETE FROM attempts USING deliveries, messages
        WHERE attempts.delivery_id = deliveries.delivery_id
        AND deliveries.message_id = messages.message_id AND messages.audience = 'funder';
    DELETE FROM errands USING deliveries, messages
        WHERE errands.arguments->>'delivery_id' = deliveries.delivery_id::text
        AND deliveries.message_id = messages.message_id AND messages.audience = 'funder';
    DELETE FROM deliveries USING messages
        WHERE deliveries.message_id = messages.message_id AND messages.audience = 'funder';
    DELETE FROM messages WHERE audience = 'funder';
    DROP TABLE funder_contacts;
"""


def upgrade() -> None:
    op.execute("""
        CREATE TABLE funder_contacts (
            funder_id uuid NOT NULL CONSTRAINT funder_contacts_pkey PRIMARY KEY,
            version bigint NOT NULL
                CONSTRAINT funder_contacts_version_counts_check CHECK (version >= 1),
            name bytea,
            email bytea,
            CONSTRAINT funder_contacts_name_with_address_check
                CHECK ((name IS NULL) = (email IS NULL))
        )""")


def downgrade() -> None:
    op.execute(_FORGOTTEN)
