"""settlement: the issuer's files by day, held against what it told"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX presentments_heard_at_ix ON presentments (heard_at)")
    op.execute("""
        CREATE TABLE settlement_files (
            day date NOT NULL,
            sha256 varchar NOT NULL,
            row_count bigint NOT NULL,
            imported_at timestamptz NOT NULL,
            imported_by varchar NOT NULL,
            replaced_at timestamptz,
            CONSTRAINT settlement_files_pkey PRIMARY KEY (day, sha256)
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX settlement_files_counts_ix ON settlement_files (day)
        WHERE replaced_at IS NULL
    """)
    op.execute("""
        CREATE TABLE settlement_rows (
            day date NOT NULL,
            line bigint NOT NULL,
            transaction_id varchar NOT NULL,
            authorisation_id varchar,
            issuer_card_id varchar NOT NULL,
            amount_pence bigint NOT NULL,
            currency varchar NOT NULL,
            is_refund boolean NOT NULL,
            processed_on date NOT NULL,
            fee_pence bigint NOT NULL
                CONSTRAINT settlement_rows_fee_not_negative_check CHECK (fee_pence >= 0),
            outcome varchar(32) NOT NULL,
            purchase_id uuid CONSTRAINT settlement_rows_purchase_id_fkey
                REFERENCES purchases (purchase_id),
            CONSTRAINT settlement_rows_pkey PRIMARY KEY (day, line)
        )
    """)
    op.execute("CREATE INDEX settlement_rows_transaction_id_ix ON settlement_rows (transaction_id)")
    op.execute("CREATE INDEX settlement_rows_purchase_id_ix ON settlement_rows (purchase_id)")
    op.execute("""
        CREATE INDEX settlement_rows_extra_ix ON settlement_rows (day) WHERE outcome = 'extra'
    """)


def downgrade() -> None:
    op.execute("DROP TABLE settlement_rows")
    op.execute("DROP TABLE settlement_files")
    op.execute("DROP INDEX presentments_heard_at_ix")
