"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.versions import messaging_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "applied",
                "ignored",
                "unmatched",
                "unreadable",
                name="eventstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("bank_events_pkey")),
    )
    op.create_table(
        "cardholders",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_cardholder_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("cardholders_pkey")),
        sa.UniqueConstraint(
            "issuer_cardholder_id", name=op.f("cardholders_issuer_cardholder_id_key")
        ),
    )
    op.create_table(
        "care_teams",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("care_teams_pkey")),
    )
    op.create_table(
        "issuer_events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "applied",
                "ignored",
                "unmatched",
                "unreadable",
                name="eventstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("issuer_events_pkey")),
    )
    op.create_table(
        "live_budgets",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("budget_id", name=op.f("live_budgets_pkey")),
    )
    op.create_table(
        "plans",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("budget_id", name=op.f("plans_pkey")),
    )
    op.create_table(
        "brokers",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["care_teams.person_id"], name=op.f("brokers_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("person_id", "staff_id", name=op.f("brokers_pkey")),
    )
    op.create_table(
        "plan_items",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("unit_cost_pence", sa.BigInteger(), nullable=False),
        sa.Column("occurrences", sa.BigInteger(), nullable=False),
        sa.Column(
            "rail",
            sa.Enum("card", "bacs", "invoice", name="rail", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("merchant_category_code", sa.String(), nullable=True),
        sa.CheckConstraint("occurrences > 0", name=op.f("plan_items_occurrences_positive_check")),
        sa.CheckConstraint(
            "unit_cost_pence >= 0", name=op.f("plan_items_unit_cost_not_negative_check")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["plans.budget_id"], name=op.f("plan_items_budget_id_fkey")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("plan_items_pkey")),
    )
    op.create_index(op.f("plan_items_budget_id_ix"), "plan_items", ["budget_id"], unique=False)
    op.create_table(
        "purchases",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("instruction", sa.String(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "rail",
            sa.Enum("card", "bacs", "invoice", name="rail", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "ready",
                "completed",
                "part_refunded",
                "refunded",
                "refused",
                "cancelled",
                name="purchasestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column("posted_pence", sa.BigInteger(), nullable=False),
        sa.Column("captured_pence", sa.BigInteger(), nullable=False),
        sa.Column("hold_version", sa.BigInteger(), nullable=False),
        sa.Column("ledger_posted_version", sa.BigInteger(), nullable=False),
        sa.Column("ledger_posted_pence", sa.BigInteger(), nullable=False),
        sa.Column("available_pence", sa.BigInteger(), nullable=False),
        sa.Column("hold_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_code", sa.String(), nullable=True),
        sa.Column("refusal_reason", sa.String(), nullable=True),
        sa.Column("refusal_next_step", sa.String(), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name=op.f("purchases_amount_positive_check")),
        sa.CheckConstraint("held_pence >= 0", name=op.f("purchases_held_not_negative_check")),
        sa.CheckConstraint(
            "posted_pence <= captured_pence", name=op.f("purchases_posted_within_captured_check")
        ),
        sa.CheckConstraint("posted_pence >= 0", name=op.f("purchases_posted_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["plans.budget_id"], name=op.f("purchases_budget_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["plan_items.item_id"], name=op.f("purchases_item_id_fkey")
        ),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("purchases_pkey")),
    )
    op.create_index(op.f("purchases_budget_id_ix"), "purchases", ["budget_id"], unique=False)
    op.create_index(op.f("purchases_item_id_ix"), "purchases", ["item_id"], unique=False)
    op.create_table(
        "authorisations",
        sa.Column("authorisation_id", sa.String(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("approvals_pence", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "closed",
                "reversed",
                "expired",
                name="authorisationstatus",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("request_count", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_count", sa.BigInteger(), nullable=False),
        sa.Column("transaction_count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount_pence >= 0", name=op.f("authorisations_amount_not_negative_check")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.purchase_id"], name=op.f("authorisations_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("authorisation_id", name=op.f("authorisations_pkey")),
    )
    op.create_index(
        op.f("authorisations_purchase_id_ix"), "authorisations", ["purchase_id"], unique=False
    )
    op.create_table(
        "cards",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_card_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "closed", name="cardstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.purchase_id"], name=op.f("cards_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("cards_pkey")),
        sa.UniqueConstraint("issuer_card_id", name=op.f("cards_issuer_card_id_key")),
        sa.UniqueConstraint("purchase_id", name=op.f("cards_purchase_id_key")),
    )
    op.create_table(
        "decisions",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("authorisation_id", sa.String(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_pence >= 0", name=op.f("decisions_amount_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.purchase_id"], name=op.f("decisions_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("decisions_pkey")),
    )
    op.create_index(
        "decisions_declined_ix",
        "decisions",
        ["event_id"],
        unique=False,
        postgresql_where=sa.text("NOT is_approved"),
    )
    op.create_index(op.f("decisions_purchase_id_ix"), "decisions", ["purchase_id"], unique=False)
    op.create_table(
        "presentments",
        sa.Column("presentment_id", sa.String(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("authorisation_id", sa.String(), nullable=True),
        sa.Column("is_refund", sa.Boolean(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount_pence >= 0", name=op.f("presentments_amount_not_negative_check")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.purchase_id"], name=op.f("presentments_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("presentment_id", name=op.f("presentments_pkey")),
    )
    op.create_index(
        op.f("presentments_purchase_id_ix"), "presentments", ["purchase_id"], unique=False
    )
    op.create_table(
        "receipts",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$'", name=op.f("receipts_sha256_is_digest_check")
        ),
        sa.CheckConstraint("amount_pence >= 0", name=op.f("receipts_amount_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.purchase_id"], name=op.f("receipts_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("receipts_pkey")),
    )
    op.create_index(op.f("receipts_purchase_id_ix"), "receipts", ["purchase_id"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoice_number", sa.String(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ordered",
                "accepted",
                "paid",
                "failed",
                name="transferstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("payment_order_id", sa.String(), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name=op.f("transfers_amount_positive_check")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.purchase_id"], name=op.f("transfers_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("transfers_pkey")),
    )
    messaging_0001.create_tables()


def downgrade() -> None:
    messaging_0001.drop_tables()
    op.drop_table("transfers")
    op.drop_index(op.f("receipts_purchase_id_ix"), table_name="receipts")
    op.drop_table("receipts")
    op.drop_index(op.f("presentments_purchase_id_ix"), table_name="presentments")
    op.drop_table("presentments")
    op.drop_index(op.f("decisions_purchase_id_ix"), table_name="decisions")
    op.drop_index(
        "decisions_declined_ix", table_name="decisions", postgresql_where=sa.text("NOT is_approved")
    )
    op.drop_table("decisions")
    op.drop_table("cards")
    op.drop_index(op.f("authorisations_purchase_id_ix"), table_name="authorisations")
    op.drop_table("authorisations")
    op.drop_index(op.f("purchases_item_id_ix"), table_name="purchases")
    op.drop_index(op.f("purchases_budget_id_ix"), table_name="purchases")
    op.drop_table("purchases")
    op.drop_index(op.f("plan_items_budget_id_ix"), table_name="plan_items")
    op.drop_table("plan_items")
    op.drop_table("brokers")
    op.drop_table("plans")
    op.drop_table("live_budgets")
    op.drop_table("issuer_events")
    op.drop_table("care_teams")
    op.drop_table("cardholders")
    op.drop_table("bank_events")
