"""cards that people hold themselves, and cards of others that are looked on"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = {
    "observed_cards": """
        card_id uuid NOT NULL CONSTRAINT observed_cards_pkey PRIMARY KEY,
        issuer_card_id varchar NOT NULL CONSTRAINT observed_cards_issuer_card_id_key UNIQUE,
        budget_id uuid NOT NULL CONSTRAINT observed_cards_budget_id_fkey REFERENCES plans,
        item_id uuid NOT NULL CONSTRAINT observed_cards_item_id_fkey REFERENCES plan_items,
        person_id uuid NOT NULL,
        registered_by uuid NOT NULL,
        registered_at timestamptz NOT NULL
    """,
    "observed_transactions": """
        transaction_id varchar NOT NULL CONSTRAINT observed_transactions_pkey PRIMARY KEY,
        card_id uuid NOT NULL
            CONSTRAINT observed_transactions_card_id_fkey REFERENCES observed_cards,
        is_refund boolean NOT NULL,
        amount_pence bigint NOT NULL
            CONSTRAINT observed_transactions_amount_not_negative_check CHECK (amount_pence >= 0),
        heard_at timestamptz NOT NULL
    """,
}
INDICES = (
    "CREATE INDEX observed_cards_budget_id_ix ON observed_cards (budget_id)",
    "CREATE INDEX observed_cards_person_id_ix ON observed_cards (person_id)",
    "CREATE INDEX observed_transactions_card_id_ix ON observed_transactions (card_id)",
)


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    for index in INDICES:
        op.execute(index)
    op.execute("ALTER TABLE purchases ADD COLUMN holder_id uuid")
    op.execute("ALTER TABLE series ADD COLUMN holder_id uuid, ALTER COLUMN period DROP NOT NULL")
    op.execute(
        "ALTER TABLE series ADD CONSTRAINT series_allowance_or_cap_check"
        " CHECK ((period IS NULL) = (holder_id IS NOT NULL))"
    )
    op.execute("ALTER TABLE cardholders RENAME COLUMN staff_id TO holder_id")
    op.execute(
        "ALTER TABLE cardholders ADD COLUMN name varchar,"
        " ALTER COLUMN issuer_cardholder_id DROP NOT NULL,"
        " ADD CONSTRAINT cardholders_known_check"
        " CHECK (name IS NOT NULL OR issuer_cardholder_id IS NOT NULL)"
    )


def downgrade() -> None:
    """Give up what people hold themselves; it is for databases without such cards."""
    op.execute("DELETE FROM cardholders WHERE issuer_cardholder_id IS NULL")
    op.execute(
        "ALTER TABLE cardholders DROP CONSTRAINT cardholders_known_check, DROP COLUMN name,"
        " ALTER COLUMN issuer_cardholder_id SET NOT NULL"
    )
    op.execute("ALTER TABLE cardholders RENAME COLUMN holder_id TO staff_id")
    op.execute("ALTER TABLE series DROP CONSTRAINT series_allowance_or_cap_check")
    op.execute("ALTER TABLE series DROP COLUMN holder_id, ALTER COLUMN period SET NOT NULL")
    op.execute("ALTER TABLE purchases DROP COLUMN holder_id")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
