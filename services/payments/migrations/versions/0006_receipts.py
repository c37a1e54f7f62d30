"""receipts: their files, their lines, and those that are missing"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE purchases ADD COLUMN evidenced_at timestamptz")
    op.execute("ALTER TABLE purchases ADD COLUMN reconciled_at timestamptz")
    op.execute("""
        CREATE INDEX purchases_not_evidenced_ix ON purchases (completed_at)
        WHERE completed_at IS NOT NULL AND evidenced_at IS NULL
    """)
    op.execute("""
        ALTER TABLE receipts
            ADD COLUMN media_type varchar(32),
            ADD COLUMN size_bytes bigint,
            ADD COLUMN stored_at timestamptz,
            ADD CONSTRAINT receipts_stored_as_a_whole_check CHECK (
                (stored_at IS NULL) = (media_type IS NULL)
                AND (stored_at IS NULL) = (size_bytes IS NULL)
            )
    """)
    op.execute("""
        CREATE TABLE receipt_lines (
            receipt_id uuid NOT NULL CONSTRAINT receipt_lines_receipt_id_fkey
                REFERENCES receipts (receipt_id),
            line bigint NOT NULL,
            description varchar NOT NULL,
            quantity bigint NOT NULL
                CONSTRAINT receipt_lines_quantity_positive_check CHECK (quantity > 0),
            total_pence bigint NOT NULL,
            flag varchar(32),
            CONSTRAINT receipt_lines_pkey PRIMARY KEY (receipt_id, line)
        )
    """)
    op.execute("""
        CREATE TABLE receipt_addresses (
            address_id uuid NOT NULL CONSTRAINT receipt_addresses_pkey PRIMARY KEY,
            purpose varchar(32) NOT NULL,
            receipt_id uuid NOT NULL,
            purchase_id uuid NOT NULL CONSTRAINT receipt_addresses_purchase_id_fkey
                REFERENCES purchases (purchase_id),
            asked_at timestamptz NOT NULL,
            asked_by varchar NOT NULL,
            expires_at timestamptz NOT NULL,
            sha256 varchar,
            amount_pence bigint,
            lines jsonb NOT NULL,
            used_at timestamptz
        )
    """)
    op.execute("CREATE INDEX receipt_addresses_receipt_id_ix ON receipt_addresses (receipt_id)")
    op.execute("""
        CREATE TABLE no_receipts (
            purchase_id uuid NOT NULL CONSTRAINT no_receipts_pkey PRIMARY KEY
                CONSTRAINT no_receipts_purchase_id_fkey REFERENCES purchases (purchase_id),
            reason varchar NOT NULL,
            said_at timestamptz NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE receipt_chases (
            purchase_id uuid NOT NULL CONSTRAINT receipt_chases_pkey PRIMARY KEY
                CONSTRAINT receipt_chases_purchase_id_fkey REFERENCES purchases (purchase_id),
            reminders bigint NOT NULL,
            reviewed_at timestamptz
        )
    """)


def downgrade() -> None:
    for table in ("receipt_chases", "no_receipts", "receipt_addresses", "receipt_lines"):
        op.execute(f"DROP TABLE {table}")
    op.execute(
        "ALTER TABLE receipts DROP COLUMN media_type, DROP COLUMN size_bytes, DROP COLUMN stored_at"
    )
    op.execute(
        "ALTER TABLE purchases DROP COLUMN evidenced_at, DROP COLUMN reconciled_at"
    )
