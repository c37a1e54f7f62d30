"""payees: who is paid through the bank, and several transfers for one purchase"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE payees (
            payee_id uuid NOT NULL CONSTRAINT payees_pkey PRIMARY KEY,
            name varchar NOT NULL,
            name_key varchar NOT NULL,
            person_id uuid,
            relationship varchar(32) NOT NULL,
            is_same_household boolean NOT NULL,
            sealed_account varchar NOT NULL,
            details_version bigint NOT NULL,
            details_by uuid NOT NULL,
            details_at timestamptz NOT NULL,
            confirmed_by uuid,
            confirmed_at timestamptz,
            CONSTRAINT payees_confirmed_by_another_check CHECK (confirmed_by <> details_by),
            CONSTRAINT payees_person_unless_supplier_check
                CHECK (person_id IS NOT NULL OR relationship = 'supplier')
        )
    """)
    op.execute("CREATE INDEX payees_name_key_ix ON payees (name_key)")
    op.execute("CREATE INDEX payees_person_id_ix ON payees (person_id)")
    op.execute("""
        CREATE TABLE item_payees (
            item_id uuid NOT NULL
                CONSTRAINT item_payees_pkey PRIMARY KEY
                CONSTRAINT item_payees_item_id_fkey REFERENCES plan_items (item_id),
            payee_id uuid NOT NULL
                CONSTRAINT item_payees_payee_id_fkey REFERENCES payees (payee_id),
            linked_by uuid NOT NULL,
            linked_at timestamptz NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE payee_agreements (
            agreement_id uuid NOT NULL CONSTRAINT payee_agreements_pkey PRIMARY KEY,
            payee_id uuid NOT NULL
                CONSTRAINT payee_agreements_payee_id_fkey REFERENCES payees (payee_id),
            funder varchar(32) NOT NULL,
            agreed_by uuid NOT NULL,
            reason varchar NOT NULL,
            from_on date NOT NULL,
            until_on date,
            recorded_at timestamptz NOT NULL
        )
    """)
    op.execute("CREATE INDEX payee_agreements_payee_id_ix ON payee_agreements (payee_id)")
    op.execute("ALTER TABLE plan_items ADD COLUMN payer varchar NOT NULL DEFAULT 'joint'")
    op.execute("ALTER TABLE plan_items ALTER COLUMN payer DROP DEFAULT")
    # Nothing was released: the transfers before went to made-up accounts of no payee.
    op.execute("DROP TABLE transfers")
    op.execute("""
        CREATE TABLE transfers (
            transfer_id uuid NOT NULL CONSTRAINT transfers_pkey PRIMARY KEY,
            purchase_id uuid
                CONSTRAINT transfers_purchase_id_fkey REFERENCES purchases (purchase_id),
            payee_id uuid NOT NULL
                CONSTRAINT transfers_payee_id_fkey REFERENCES payees (payee_id),
            amount_pence bigint NOT NULL
                CONSTRAINT transfers_amount_positive_check CHECK (amount_pence > 0),
            ordered_at timestamptz NOT NULL,
            supplier_key varchar NOT NULL,
            invoice_number varchar,
            invoice_key varchar,
            not_a_repeat_because varchar,
            state varchar(32) NOT NULL,
            payment_order_id varchar,
            failure_reason varchar
        )
    """)
    op.execute("CREATE INDEX transfers_purchase_id_ix ON transfers (purchase_id)")
    op.execute("""
        CREATE INDEX transfers_supplier_key_invoice_key_ix ON transfers (supplier_key, invoice_key)
    """)
    op.execute("""
        CREATE UNIQUE INDEX transfers_invoice_key ON transfers (payee_id, invoice_key, amount_pence)
        WHERE invoice_key IS NOT NULL AND state <> 'failed'
    """)


def downgrade() -> None:
    op.execute("DROP TABLE transfers")
    op.execute("""
        CREATE TABLE transfers (
            purchase_id uuid NOT NULL
                CONSTRAINT transfers_pkey PRIMARY KEY
                CONSTRAINT transfers_purchase_id_fkey REFERENCES purchases (purchase_id),
            amount_pence bigint NOT NULL
                CONSTRAINT transfers_amount_positive_check CHECK (amount_pence > 0),
            invoice_number varchar,
            ordered_at timestamptz NOT NULL,
            state varchar(32) NOT NULL,
            payment_order_id varchar,
            failure_reason varchar
        )
    """)
    op.execute("ALTER TABLE plan_items DROP COLUMN payer")
    op.execute("DROP TABLE payee_agreements")
    op.execute("DROP TABLE item_payees")
    op.execute("DROP TABLE payees")
