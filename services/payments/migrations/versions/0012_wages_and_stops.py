"""wages, stops and direct payments"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE purchases ADD COLUMN is_wage boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE purchases ALTER COLUMN is_wage DROP DEFAULT")
    op.execute("""
        CREATE TABLE wages (
            purchase_id uuid NOT NULL
                CONSTRAINT wages_pkey PRIMARY KEY
                CONSTRAINT wages_purchase_id_fkey REFERENCES purchases (purchase_id),
            minutes bigint NOT NULL CONSTRAINT wages_minutes_positive_check CHECK (minutes > 0),
            hourly_rate_pence bigint NOT NULL
                CONSTRAINT wages_rate_positive_check CHECK (hourly_rate_pence > 0),
            worked_from_on date NOT NULL,
            worked_until_on date NOT NULL,
            CONSTRAINT wages_days_in_order_check CHECK (worked_from_on <= worked_until_on)
        )
    """)
    op.execute("""
        CREATE TABLE budget_stops (
            budget_id uuid NOT NULL CONSTRAINT budget_stops_pkey PRIMARY KEY,
            stops_on date NOT NULL,
            because varchar NOT NULL,
            recorded_at timestamptz NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE direct_payments (
            payment_id uuid NOT NULL CONSTRAINT direct_payments_pkey PRIMARY KEY,
            budget_id uuid NOT NULL,
            item_id uuid NOT NULL,
            person_id uuid NOT NULL,
            amount_pence bigint NOT NULL
                CONSTRAINT direct_payments_amount_positive_check CHECK (amount_pence > 0),
            period_starts_on date NOT NULL,
            told_at timestamptz NOT NULL,
            correlation_id uuid NOT NULL,
            ordered_at timestamptz
        )
    """)
    op.execute("CREATE INDEX direct_payments_ordered_at_ix ON direct_payments (ordered_at)")
    op.execute("""
        ALTER TABLE transfers
            ADD COLUMN budget_id uuid,
            ADD CONSTRAINT transfers_purchase_or_direct_payment_check
                CHECK ((purchase_id IS NULL) <> (budget_id IS NULL))
    """)


def downgrade() -> None:
    op.execute("DELETE FROM transfers WHERE purchase_id IS NULL")
    op.execute("ALTER TABLE transfers DROP COLUMN budget_id")
    op.execute("DROP TABLE direct_payments")
    op.execute("DROP TABLE budget_stops")
    op.execute("DROP TABLE wages")
    op.execute("ALTER TABLE purchases DROP COLUMN is_wage")
