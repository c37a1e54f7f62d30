"""who is told beside the person"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KNOWN = """
    CREATE TABLE representatives (
        person_id uuid NOT NULL CONSTRAINT representatives_pkey PRIMARY KEY,
        version bigint NOT NULL
            CONSTRAINT representatives_version_counts_check CHECK (version >= 1),
        acting bytea NOT NULL
    );
    CREATE TABLE care_teams (
        person_id uuid NOT NULL CONSTRAINT care_teams_pkey PRIMARY KEY,
        version bigint NOT NULL CONSTRAINT care_teams_version_counts_check CHECK (version >= 1),
        members bytea NOT NULL
    );
    ALTER TABLE choices ADD copied jsonb NOT NULL DEFAULT '[]';
    ALTER TABLE choices ALTER copied DROP DEFAULT;
"""
# Whatever was told until now was told to the person.
_TOLD = """
    ALTER TABLE messages
        ADD audience varchar(32) NOT NULL DEFAULT 'holder',
        ADD recipient_id uuid;
    UPDATE messages SET recipient_id = person_id;
    ALTER TABLE messages
        ALTER audience DROP DEFAULT,
        ALTER recipient_id SET NOT NULL,
        DROP CONSTRAINT messages_told_once_key,
        ADD CONSTRAINT messages_told_once_key
            UNIQUE (event_id, person_id, topic, audience, recipient_id),
        ADD CONSTRAINT messages_holder_is_the_person_check
            CHECK (audience <> 'holder' OR recipient_id = person_id);
"""
# An earlier release knows of nobody else: what others were to get is forgotten.
_FORGOTTEN = """
    DELETE FROM receipts USING deliveries, messages
        WHERE receipts.delivery_id = deliveries.delivery_id
        AND deliveries.message_id = messages.message_id AND messages.audience <> 'holder';
    DELETE FROM attempts USING deliveries, messages
        WHERE attempts.delivery_id = deliveries.delivery_id
        AND deliveries.message_id = messages.message_id AND messages.audience <> 'holder';
    DELETE FROM errands USING deliveries, messages
        WHERE errands.arguments->>'delivery_id' = deliveries.delivery_id::text
        AND deliveries.message_id = messages.message_id AND messages.audience <> 'holder';
    DELETE FROM deliveries USING messages
        WHERE deliveries.message_id = messages.message_id AND messages.audience <> 'holder';
    DELETE FROM messages WHERE audience <> 'holder';
    ALTER TABLE messages
        DROP CONSTRAINT messages_told_once_key,
        DROP CONSTRAINT messages_holder_is_the_person_check,
        DROP audience,
        DROP recipient_id,
        ADD CONSTRAINT messages_told_once_key UNIQUE (event_id, person_id, topic);
    ALTER TABLE choices DROP copied;
    DROP TABLE care_teams, representatives;
"""


def upgrade() -> None:
    op.execute(_KNOWN)
    op.execute(_TOLD)


def downgrade() -> None:
    op.execute(_FORGOTTEN)
