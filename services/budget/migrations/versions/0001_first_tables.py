"""first tables"""

import sqlalchemy as sa
from alembic import op

from shared.migrations.versions import messaging_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "funder_id",
            sa.Enum("nhs", "council", "person", name="funderid", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "paid_in",
                "charged",
                "available",
                "paid_out",
                "overspent",
                "own_money",
                "contributed",
                name="accountkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind <> 'charged' OR funder_id = 'council'",
            name=op.f("accounts_only_council_charges_check"),
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("accounts_pkey")),
        sa.UniqueConstraint("account_id", "funder_id", name="accounts_account_id_funder_id_key"),
        sa.UniqueConstraint("budget_id", "funder_id", "kind", name="accounts_one_of_a_kind_key"),
    )
    op.create_table(
        "budgets",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned", "called", "active", name="budgetstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("total_pence > 0", name=op.f("budgets_total_positive_check")),
        sa.PrimaryKeyConstraint("budget_id", name=op.f("budgets_pkey")),
    )
    op.create_table(
        "financial_assessments",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("weekly_contribution_pence", sa.BigInteger(), nullable=False),
        sa.Column("weeks", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "weekly_contribution_pence >= 0",
            name=op.f("financial_assessments_contribution_not_negative_check"),
        ),
        sa.CheckConstraint("weeks > 0", name=op.f("financial_assessments_weeks_positive_check")),
        sa.PrimaryKeyConstraint("budget_id", name=op.f("financial_assessments_pkey")),
    )
    op.create_table(
        "journals",
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contribution",
                "capture",
                "refund",
                name="journalkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("journals_pkey")),
    )
    op.create_index("journals_budget_id_ix", "journals", ["budget_id"], unique=False)
    op.create_table(
        "refused_holds",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("refused_holds_pkey")),
    )
    op.create_table(
        "agreements",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("nhs_basis_points", sa.BigInteger(), nullable=False),
        sa.Column("council_basis_points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "nhs_basis_points + council_basis_points = 10000", name=op.f("agreements_whole_check")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budgets.budget_id"], name=op.f("agreements_budget_id_fkey")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("agreements_pkey")),
        sa.UniqueConstraint("budget_id", name=op.f("agreements_budget_id_key")),
    )
    op.create_table(
        "balances",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posted_pence", sa.BigInteger(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("held_pence >= 0", name=op.f("balances_held_not_negative_check")),
        sa.CheckConstraint(
            "posted_pence - held_pence >= 0", name=op.f("balances_never_overdrawn_check")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("balances_account_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("balances_pkey")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "budget_items",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("unit_cost_pence", sa.BigInteger(), nullable=False),
        sa.Column("occurrences", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "payer IN ('joint', 'nhs', 'council')", name=op.f("budget_items_payer_known_check")
        ),
        sa.CheckConstraint("occurrences > 0", name=op.f("budget_items_occurrences_positive_check")),
        sa.CheckConstraint(
            "unit_cost_pence > 0", name=op.f("budget_items_unit_cost_positive_check")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budgets.budget_id"], name=op.f("budget_items_budget_id_fkey")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("budget_items_pkey")),
    )
    op.create_index(op.f("budget_items_budget_id_ix"), "budget_items", ["budget_id"], unique=False)
    op.create_table(
        "contributions",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "funder_id",
            sa.Enum("nhs", "council", "person", name="funderid", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name=op.f("contributions_amount_positive_check")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budgets.budget_id"], name=op.f("contributions_budget_id_fkey")
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("contributions_pkey")),
        sa.UniqueConstraint(
            "budget_id", "funder_id", name=op.f("contributions_budget_id_funder_id_key")
        ),
    )
    op.create_table(
        "funder_shares",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "funder_id",
            sa.Enum("nhs", "council", "person", name="funderid", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("agreed_pence", sa.BigInteger(), nullable=False),
        sa.Column("joint_agreed_pence", sa.BigInteger(), nullable=False),
        sa.Column("joint_spent_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "agreed_pence >= joint_agreed_pence",
            name=op.f("funder_shares_joint_within_agreed_check"),
        ),
        sa.CheckConstraint(
            "joint_agreed_pence >= 0", name=op.f("funder_shares_joint_agreed_not_negative_check")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budgets.budget_id"], name=op.f("funder_shares_budget_id_fkey")
        ),
        sa.PrimaryKeyConstraint("budget_id", "funder_id", name=op.f("funder_shares_pkey")),
    )
    op.create_table(
        "postings",
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "funder_id",
            sa.Enum("nhs", "council", "person", name="funderid", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("debit_account_id", sa.BigInteger(), nullable=False),
        sa.Column("credit_account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_pence > 0", name=op.f("postings_amount_positive_check")),
        sa.CheckConstraint(
            "debit_account_id <> credit_account_id", name=op.f("postings_two_accounts_check")
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_id", "funder_id"],
            ["accounts.account_id", "accounts.funder_id"],
            name="postings_credit_account_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_id", "funder_id"],
            ["accounts.account_id", "accounts.funder_id"],
            name="postings_debit_account_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["journals.journal_id"], name=op.f("postings_journal_id_fkey")
        ),
        sa.PrimaryKeyConstraint("journal_id", "line", name=op.f("postings_pkey")),
    )
    op.create_index(
        "postings_credit_account_id_ix", "postings", ["credit_account_id"], unique=False
    )
    op.create_index("postings_debit_account_id_ix", "postings", ["debit_account_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("asked_pence", sa.BigInteger(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_pence", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("amounts_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("asked_pence > 0", name=op.f("holds_asked_positive_check")),
        sa.CheckConstraint("held_pence >= 0", name=op.f("holds_held_not_negative_check")),
        sa.CheckConstraint("posted_pence >= 0", name=op.f("holds_posted_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budgets.budget_id"], name=op.f("holds_budget_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["budget_items.item_id"], name=op.f("holds_item_id_fkey")
        ),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("holds_pkey")),
    )
    op.create_index(op.f("holds_budget_id_ix"), "holds", ["budget_id"], unique=False)
    op.create_table(
        "hold_portions",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column(
            "funder_id",
            sa.Enum("nhs", "council", "person", name="funderid", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_pence", sa.BigInteger(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column("posted_pence", sa.BigInteger(), nullable=False),
        sa.Column("overspent_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("asked_pence >= 0", name=op.f("hold_portions_asked_not_negative_check")),
        sa.CheckConstraint("held_pence >= 0", name=op.f("hold_portions_held_not_negative_check")),
        sa.CheckConstraint(
            "overspent_pence >= 0", name=op.f("hold_portions_overspent_not_negative_check")
        ),
        sa.CheckConstraint(
            "posted_pence >= 0", name=op.f("hold_portions_posted_not_negative_check")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["holds.purchase_id"], name=op.f("hold_portions_purchase_id_fkey")
        ),
        sa.PrimaryKeyConstraint("purchase_id", "funder_id", name=op.f("hold_portions_pkey")),
    )
    messaging_0001.create_tables()


def downgrade() -> None:
    messaging_0001.drop_tables()
    op.drop_table("hold_portions")
    op.drop_index(op.f("holds_budget_id_ix"), table_name="holds")
    op.drop_table("holds")
    op.drop_index("postings_debit_account_id_ix", table_name="postings")
    op.drop_index("postings_credit_account_id_ix", table_name="postings")
    op.drop_table("postings")
    op.drop_table("funder_shares")
    op.drop_table("contributions")
    op.drop_index(op.f("budget_items_budget_id_ix"), table_name="budget_items")
    op.drop_table("budget_items")
    op.drop_table("balances")
    op.drop_table("agreements")
    op.drop_table("refused_holds")
    op.drop_index("journals_budget_id_ix", table_name="journals")
    op.drop_table("journals")
    op.drop_table("financial_assessments")
    op.drop_table("budgets")
    op.drop_table("accounts")
