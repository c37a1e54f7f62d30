"""a delivery for each channel by which a message is said, and each call to a provider"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What was under way keeps the reference under which the provider knows it: the message's id.
_DELIVERIES = """
    CREATE TABLE deliveries (
        delivery_id uuid NOT NULL CONSTRAINT deliveries_pkey PRIMARY KEY,
        message_id uuid NOT NULL
            CONSTRAINT deliveries_message_id_fkey REFERENCES messages (message_id),
        ordinal bigint NOT NULL CONSTRAINT deliveries_ordinal_counts_check CHECK (ordinal >= 1),
        channel varchar(32) NOT NULL,
        language varchar NOT NULL,
        language_wanted varchar NOT NULL,
        format_wanted varchar,
        template_version bigint NOT NULL,
        subject varchar,
        body varchar,
        created_at timestamptz NOT NULL,
        state varchar(32) NOT NULL,
        reason varchar,
        provider varchar,
        provider_id varchar,
        accepted_at timestamptz,
        delivered_at timestamptz,
        CONSTRAINT deliveries_message_id_ordinal_key UNIQUE (message_id, ordinal),
        CONSTRAINT deliveries_provider_provider_id_key UNIQUE (provider, provider_id),
        CONSTRAINT deliveries_subject_unless_sms_check
            CHECK (body IS NULL OR (channel = 'sms') = (subject IS NULL)),
        CONSTRAINT deliveries_not_sent_has_reason_check
            CHECK ((state IN ('withdrawn', 'failed')) = (reason IS NOT NULL)),
        CONSTRAINT deliveries_delivered_has_time_check
            CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
    );
    INSERT INTO deliveries
        SELECT message_id, message_id, 1, channel, language, language_wanted, format_wanted,
            template_version, subject, body, created_at,
            CASE state WHEN 'waiting' THEN 'ready' ELSE state END, reason,
            CASE WHEN provider_id IS NOT NULL OR called_at IS NOT NULL THEN 'govuk-notify' END,
            provider_id::text, accepted_at, delivered_at
        FROM messages;
    CREATE INDEX deliveries_accepted_ix ON deliveries (accepted_at) WHERE state = 'accepted';
    CREATE TABLE attempts (
        delivery_id uuid NOT NULL
            CONSTRAINT attempts_delivery_id_fkey REFERENCES deliveries (delivery_id),
        number bigint NOT NULL CONSTRAINT attempts_number_counts_check CHECK (number >= 1),
        provider varchar NOT NULL,
        called_at timestamptz NOT NULL,
        address_digest varchar NOT NULL,
        outcome varchar(32),
        CONSTRAINT attempts_pkey PRIMARY KEY (delivery_id, number)
    );
    INSERT INTO attempts
        SELECT message_id, 1, 'govuk-notify', called_at, '',
            CASE WHEN accepted_at IS NOT NULL THEN 'accepted' END
        FROM messages WHERE called_at IS NOT NULL;
    UPDATE errands SET kind = 'send_delivery',
            arguments = jsonb_build_object('delivery_id', arguments->'message_id')
        WHERE kind = 'send_message' AND arguments ? 'message_id';
"""
_RECEIPTS = """
    ALTER TABLE receipts
        DROP CONSTRAINT receipts_message_id_fkey,
        DROP CONSTRAINT receipts_told_once_key,
        ADD provider varchar NOT NULL DEFAULT 'govuk-notify',
        ALTER provider_id TYPE varchar;
    ALTER TABLE receipts ALTER provider DROP DEFAULT;
    ALTER TABLE receipts RENAME message_id TO delivery_id;
    ALTER INDEX receipts_message_id_ix RENAME TO receipts_delivery_id_ix;
    ALTER TABLE receipts
        ADD CONSTRAINT receipts_delivery_id_fkey
            FOREIGN KEY (delivery_id) REFERENCES deliveries (delivery_id),
        ADD CONSTRAINT receipts_told_once_key
            UNIQUE NULLS NOT DISTINCT (provider, provider_id, status, completed_at);
"""
_MESSAGES = """
    ALTER TABLE messages
        DROP CONSTRAINT messages_subject_unless_sms_check,
        DROP CONSTRAINT messages_failed_has_reason_check,
        DROP channel, DROP language, DROP language_wanted, DROP format_wanted,
        DROP template_version, DROP subject, DROP body,
        DROP called_at, DROP provider_id, DROP accepted_at,
        ADD facts jsonb,
        ADD not_before timestamptz,
        ADD ended_at timestamptz,
        ADD seen_to_at timestamptz,
        ADD seen_to_by uuid,
        ADD CONSTRAINT messages_seen_to_by_somebody_check
            CHECK ((seen_to_at IS NULL) = (seen_to_by IS NULL)),
        ADD CONSTRAINT messages_not_sent_has_reason_check CHECK (
            (state IN ('held', 'suppressed', 'cancelled', 'failed')) = (reason IS NOT NULL));
    UPDATE messages SET ended_at = coalesce(delivered_at, created_at)
        WHERE state IN ('failed', 'delivered');
    CREATE INDEX messages_not_ended_ix ON messages (state, not_before);
"""
# What was said by a second channel is forgotten, and so are messages that were never worded.
_BEFORE = """
    DELETE FROM receipts WHERE delivery_id IN
        (SELECT delivery_id FROM deliveries WHERE ordinal > 1);
    DELETE FROM messages m WHERE NOT EXISTS
        (SELECT FROM deliveries d WHERE d.message_id = m.message_id);
    ALTER TABLE messages
        DROP CONSTRAINT messages_seen_to_by_somebody_check,
        DROP CONSTRAINT messages_not_sent_has_reason_check,
        ADD channel varchar(32), ADD language varchar, ADD language_wanted varchar,
        ADD format_wanted varchar, ADD template_version bigint, ADD subject varchar,
        ADD body varchar, ADD called_at timestamptz, ADD provider_id uuid UNIQUE,
        ADD accepted_at timestamptz,
        DROP facts, DROP not_before, DROP ended_at, DROP seen_to_at, DROP seen_to_by;
    UPDATE messages m SET channel = d.channel, language = d.language,
            language_wanted = d.language_wanted, format_wanted = d.format_wanted,
            template_version = d.template_version, subject = d.subject,
            body = coalesce(d.body, ''), provider_id = d.provider_id::uuid,
            accepted_at = d.accepted_at,
            called_at = (SELECT max(a.called_at) FROM attempts a
                WHERE a.delivery_id = d.delivery_id),
            state = CASE WHEN m.state IN ('held', 'suppressed', 'cancelled') THEN 'failed'
                ELSE m.state END
        FROM deliveries d WHERE d.message_id = m.message_id AND d.ordinal = 1;
    ALTER TABLE messages
        ALTER channel SET NOT NULL, ALTER language SET NOT NULL,
        ALTER language_wanted SET NOT NULL, ALTER template_version SET NOT NULL,
        ALTER body SET NOT NULL,
        ADD CONSTRAINT messages_subject_unless_sms_check
            CHECK ((channel = 'sms') = (subject IS NULL)),
        ADD CONSTRAINT messages_failed_has_reason_check
            CHECK ((state = 'failed') = (reason IS NOT NULL));
    ALTER TABLE receipts
        DROP CONSTRAINT receipts_delivery_id_fkey,
        DROP CONSTRAINT receipts_told_once_key,
        DROP provider,
        ALTER provider_id TYPE uuid USING provider_id::uuid;
    UPDATE receipts r SET delivery_id = d.message_id FROM deliveries d
        WHERE d.delivery_id = r.delivery_id;
    ALTER TABLE receipts RENAME delivery_id TO message_id;
    ALTER INDEX receipts_delivery_id_ix RENAME TO receipts_message_id_ix;
    ALTER TABLE receipts
        ADD CONSTRAINT receipts_message_id_fkey
            FOREIGN KEY (message_id) REFERENCES messages (message_id),
        ADD CONSTRAINT receipts_told_once_key
            UNIQUE NULLS NOT DISTINCT (provider_id, status, completed_at);
    UPDATE errands e SET kind = 'send_message',
            arguments = jsonb_build_object('message_id', d.message_id)
        FROM deliveries d
        WHERE e.kind = 'send_delivery' AND e.arguments->>'delivery_id' = d.delivery_id::text;
    DROP TABLE attempts;
    DROP TABLE deliveries;
"""


def upgrade() -> None:
    op.execute(_DELIVERIES)
    op.execute(_RECEIPTS)
    op.execute(_MESSAGES)


def downgrade() -> None:
    op.execute(_BEFORE)
