"""rails: whether issuer and bank are reached, and purchases that go another way"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE rail_states (
            party varchar(32) NOT NULL CONSTRAINT rail_states_pkey PRIMARY KEY,
            outage_id uuid,
            degraded_at timestamptz,
            reached_at timestamptz
        )
    """)
    op.execute("""
        CREATE TABLE rail_changes (
            purchase_id uuid NOT NULL CONSTRAINT rail_changes_pkey PRIMARY KEY
                CONSTRAINT rail_changes_purchase_id_fkey REFERENCES purchases (purchase_id),
            from_rail varchar(32) NOT NULL,
            to_rail varchar(32) NOT NULL,
            decided_by uuid NOT NULL,
            reason varchar NOT NULL,
            decided_at timestamptz NOT NULL,
            state varchar(32) NOT NULL,
            ended_at timestamptz
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE rail_changes")
    op.execute("DROP TABLE rail_states")
