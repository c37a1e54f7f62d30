"""converging: what the network said beside us, money of nobody, disputes, and what we fetch"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE authorisations
            ADD COLUMN look_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN requests varchar[] NOT NULL DEFAULT '{}',
            ADD COLUMN ended_with varchar[],
            ADD COLUMN fetched_at timestamptz
    """)
    # What was confirmed was ours, and came first; of the rest nobody kept who answered.
    op.execute("""
        UPDATE authorisations SET requests =
            array_fill('ours'::varchar, ARRAY[confirmed_count::int])
            || array_fill('no'::varchar, ARRAY[(request_count - confirmed_count)::int])
    """)
    op.execute("""
        ALTER TABLE authorisations
            ALTER COLUMN look_at DROP DEFAULT,
            ALTER COLUMN requests DROP DEFAULT,
            DROP COLUMN request_count,
            DROP COLUMN confirmed_count
    """)
    op.execute(
        "CREATE INDEX authorisations_open_ix ON authorisations (look_at)"
        " WHERE status IS NULL OR status = 'pending'"
    )
    op.execute("""
        ALTER TABLE presentments
            ALTER COLUMN purchase_id DROP NOT NULL,
            ADD COLUMN issuer_card_id varchar NOT NULL DEFAULT '',
            ADD COLUMN heard_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN is_reversal boolean NOT NULL DEFAULT false,
            ADD COLUMN is_foreign boolean NOT NULL DEFAULT false,
            ADD COLUMN was_card_closed boolean NOT NULL DEFAULT false,
            ADD COLUMN network_id varchar,
            ADD COLUMN won_back_pence bigint NOT NULL DEFAULT 0
                CONSTRAINT presentments_won_back_within_check
                CHECK (won_back_pence BETWEEN 0 AND amount_pence),
            ADD COLUMN matched_to uuid
                CONSTRAINT presentments_matched_to_fkey REFERENCES purchases,
            ADD COLUMN matched_by uuid,
            ADD COLUMN matched_at timestamptz,
            ADD COLUMN match_reason varchar,
            ADD CONSTRAINT presentments_matched_as_a_whole_check CHECK (
                (matched_to IS NULL) = (matched_by IS NULL)
                AND (matched_to IS NULL) = (matched_at IS NULL)
                AND (matched_to IS NULL) = (match_reason IS NULL)
            )
    """)
    op.execute("""
        UPDATE presentments AS p SET issuer_card_id = c.issuer_card_id
        FROM cards AS c WHERE c.purchase_id = p.purchase_id
    """)
    op.execute("""
        ALTER TABLE presentments
            ALTER COLUMN issuer_card_id DROP DEFAULT,
            ALTER COLUMN heard_at DROP DEFAULT,
            ALTER COLUMN is_reversal DROP DEFAULT,
            ALTER COLUMN is_foreign DROP DEFAULT,
            ALTER COLUMN was_card_closed DROP DEFAULT,
            ALTER COLUMN won_back_pence DROP DEFAULT
    """)
    op.execute("CREATE INDEX presentments_matched_to_ix ON presentments (matched_to)")
    op.execute(
        "CREATE INDEX presentments_nobodys_ix ON presentments (issuer_card_id)"
        " WHERE purchase_id IS NULL"
    )
    op.execute("CREATE INDEX presentments_network_id_ix ON presentments (network_id)")
    op.execute("CREATE INDEX presentments_issuer_card_id_ix ON presentments (issuer_card_id)")
    op.execute("""
        ALTER TABLE purchases
            ADD COLUMN disputed_pence bigint NOT NULL DEFAULT 0,
            ADD COLUMN reinstated_pence bigint NOT NULL DEFAULT 0,
            ADD CONSTRAINT purchases_disputed_not_negative_check
                CHECK (disputed_pence >= 0 AND reinstated_pence >= 0)
    """)
    op.execute("""
        ALTER TABLE purchases
            ALTER COLUMN disputed_pence DROP DEFAULT, ALTER COLUMN reinstated_pence DROP DEFAULT
    """)
    op.execute("""
        CREATE TABLE card_money (
            issuer_card_id varchar NOT NULL CONSTRAINT card_money_pkey PRIMARY KEY,
            card_id uuid NOT NULL CONSTRAINT card_money_card_id_key UNIQUE,
            version bigint NOT NULL,
            taken_pence bigint NOT NULL,
            returned_pence bigint NOT NULL,
            CONSTRAINT card_money_not_negative_check
                CHECK (taken_pence >= 0 AND returned_pence >= 0)
        )
    """)
    op.execute("""
        CREATE TABLE disputes (
            dispute_id uuid NOT NULL CONSTRAINT disputes_pkey PRIMARY KEY,
            purchase_id uuid NOT NULL CONSTRAINT disputes_purchase_id_fkey REFERENCES purchases,
            presentment_id varchar NOT NULL
                CONSTRAINT disputes_presentment_id_fkey REFERENCES presentments,
            amount_pence bigint NOT NULL
                CONSTRAINT disputes_amount_positive_check CHECK (amount_pence > 0),
            submit_by timestamptz NOT NULL,
            opened_at timestamptz NOT NULL,
            reason varchar(32),
            words varchar,
            opened_by uuid,
            evidence varchar[] NOT NULL,
            state varchar(32) NOT NULL,
            submitted_by uuid,
            withdrawn_by uuid,
            withdrawn_because varchar,
            issuer_dispute_id varchar CONSTRAINT disputes_issuer_dispute_id_key UNIQUE,
            issuer_status varchar(32) NOT NULL,
            steps bigint NOT NULL,
            credited_pence bigint NOT NULL
                CONSTRAINT disputes_credited_not_negative_check CHECK (credited_pence >= 0),
            loss_reason varchar
        )
    """)
    op.execute("CREATE INDEX disputes_purchase_id_ix ON disputes (purchase_id)")
    op.execute(
        "CREATE UNIQUE INDEX disputes_one_of_a_capture_key ON disputes (presentment_id)"
        " WHERE state <> 'withdrawn'"
    )
    op.execute("CREATE INDEX disputes_drafts_ix ON disputes (submit_by) WHERE state = 'draft'")
    op.execute("""
        CREATE TABLE event_listings (
            listing bigint NOT NULL CONSTRAINT event_listings_pkey PRIMARY KEY
                CONSTRAINT event_listings_one_check CHECK (listing = 1),
            listed_at timestamptz,
            asked_at timestamptz
        )
    """)
    op.execute(
        "ALTER TABLE issuer_events ADD COLUMN issuer varchar(32) NOT NULL DEFAULT 'stripe'"
    )
    op.execute("ALTER TABLE issuer_events ALTER COLUMN issuer DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE issuer_events DROP COLUMN issuer")
    op.execute("DROP TABLE event_listings")
    op.execute("DROP TABLE disputes")
    op.execute("DROP TABLE card_money")
    op.execute(
        "ALTER TABLE purchases DROP COLUMN disputed_pence, DROP COLUMN reinstated_pence"
    )
    op.execute("DELETE FROM presentments WHERE purchase_id IS NULL")
    op.execute("""
        ALTER TABLE presentments
            ALTER COLUMN purchase_id SET NOT NULL,
            DROP COLUMN issuer_card_id,
            DROP COLUMN heard_at,
            DROP COLUMN is_reversal,
            DROP COLUMN is_foreign,
            DROP COLUMN was_card_closed,
            DROP COLUMN network_id,
            DROP COLUMN won_back_pence,
            DROP COLUMN matched_to,
            DROP COLUMN matched_by,
            DROP COLUMN matched_at,
            DROP COLUMN match_reason
    """)
    op.execute("""
        ALTER TABLE authorisations
            ADD COLUMN request_count bigint NOT NULL DEFAULT 0,
            ADD COLUMN confirmed_count bigint NOT NULL DEFAULT 0
    """)
    op.execute("""
        UPDATE authorisations SET request_count = cardinality(requests),
            confirmed_count = cardinality(array_positions(requests, 'ours'))
    """)
    op.execute("""
        ALTER TABLE authorisations
            ALTER COLUMN request_count DROP DEFAULT,
            ALTER COLUMN confirmed_count DROP DEFAULT,
            DROP COLUMN look_at,
            DROP COLUMN requests,
            DROP COLUMN ended_with,
            DROP COLUMN fetched_at
    """)
