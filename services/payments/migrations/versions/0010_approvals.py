"""approvals: who may ask for how much, and what the second person said"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE team_roles (
            person_id uuid NOT NULL
                CONSTRAINT team_roles_person_id_fkey REFERENCES care_teams (person_id),
            staff_id uuid NOT NULL,
            role varchar NOT NULL,
            CONSTRAINT team_roles_pkey PRIMARY KEY (person_id, staff_id, role)
        )
    """)
    op.execute("""
        INSERT INTO team_roles (person_id, staff_id, role)
        SELECT person_id, staff_id, 'broker' FROM brokers
    """)
    op.execute("""
        CREATE TABLE spending_limits (
            role varchar NOT NULL,
            from_on date NOT NULL,
            asks_up_to_pence bigint NOT NULL
                CONSTRAINT spending_limits_asks_not_negative_check CHECK (asks_up_to_pence >= 0),
            approves_up_to_pence bigint NOT NULL
                CONSTRAINT spending_limits_approves_not_negative_check
                CHECK (approves_up_to_pence >= 0),
            set_by uuid NOT NULL,
            reason varchar NOT NULL,
            set_at timestamptz NOT NULL,
            CONSTRAINT spending_limits_pkey PRIMARY KEY (role, from_on)
        )
    """)
    op.execute("""
        CREATE TABLE approval_decisions (
            purchase_id uuid NOT NULL
                CONSTRAINT approval_decisions_purchase_id_fkey REFERENCES purchases (purchase_id),
            number bigint NOT NULL,
            decision varchar(32) NOT NULL,
            decided_by uuid NOT NULL,
            reason varchar NOT NULL,
            amount_pence bigint NOT NULL,
            decided_at timestamptz NOT NULL,
            CONSTRAINT approval_decisions_pkey PRIMARY KEY (purchase_id, number)
        )
    """)
    op.execute("""
        ALTER TABLE purchases
            ADD COLUMN askings bigint NOT NULL DEFAULT 1,
            ADD COLUMN finished_because varchar,
            ADD COLUMN not_a_repeat_because varchar
    """)
    op.execute("ALTER TABLE purchases ALTER COLUMN askings DROP DEFAULT")
    op.execute("""
        CREATE INDEX purchases_hold_expires_at_ix ON purchases (hold_expires_at)
        WHERE ending IS NULL AND finished_at IS NULL
    """)


def downgrade() -> None:
    op.execute("DROP INDEX purchases_hold_expires_at_ix")
    op.execute("""
        ALTER TABLE purchases
            DROP COLUMN askings, DROP COLUMN finished_because, DROP COLUMN not_a_repeat_because
    """)
    op.execute("DROP TABLE approval_decisions")
    op.execute("DROP TABLE spending_limits")
    op.execute("DROP TABLE team_roles")
