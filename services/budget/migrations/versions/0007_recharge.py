"""recharge, settlement and risk share between funders"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "recharge_runs": """
        run_id uuid NOT NULL CONSTRAINT recharge_runs_pkey PRIMARY KEY,
        pool_id uuid NOT NULL CONSTRAINT recharge_runs_pool_id_fkey REFERENCES pools,
        month date NOT NULL,
        due_on date NOT NULL,
        run_at timestamptz NOT NULL,
        CONSTRAINT recharge_runs_once_a_month_key UNIQUE (pool_id, month),
        CONSTRAINT recharge_runs_month_by_its_first_day_check CHECK (extract(day FROM month) = 1)
    """,
    "recharge_invoices": """
        invoice_id uuid NOT NULL CONSTRAINT recharge_invoices_pkey PRIMARY KEY,
        run_id uuid NOT NULL CONSTRAINT recharge_invoices_run_id_fkey REFERENCES recharge_runs,
        debtor_id uuid NOT NULL CONSTRAINT recharge_invoices_debtor_id_fkey REFERENCES funders,
        creditor_id uuid NOT NULL CONSTRAINT recharge_invoices_creditor_id_fkey REFERENCES funders,
        owed_pence bigint NOT NULL,
        owed_back_pence bigint NOT NULL,
        net_pence bigint NOT NULL,
        bank_reference varchar,
        settled_until uuid,
        kept_pence bigint NOT NULL,
        settled_at timestamptz,
        CONSTRAINT recharge_invoices_once_a_pair_key UNIQUE (run_id, debtor_id, creditor_id),
        CONSTRAINT recharge_invoices_reference_key
            UNIQUE (debtor_id, creditor_id, bank_reference),
        CONSTRAINT recharge_invoices_two_funders_check CHECK (debtor_id <> creditor_id),
        CONSTRAINT recharge_invoices_owed_back_not_negative_check CHECK (owed_back_pence >= 0),
        CONSTRAINT recharge_invoices_net_not_negative_check CHECK (net_pence >= 0),
        CONSTRAINT recharge_invoices_net_of_both_check
            CHECK (net_pence = owed_pence - owed_back_pence),
        CONSTRAINT recharge_invoices_kept_within_check
            CHECK (kept_pence BETWEEN 0 AND net_pence),
        CONSTRAINT recharge_invoices_settled_by_reference_check
            CHECK (bank_reference IS NOT NULL OR settled_until IS NULL AND settled_at IS NULL)
    """,
    "recharge_lines": """
        invoice_id uuid NOT NULL CONSTRAINT recharge_lines_invoice_id_fkey
            REFERENCES recharge_invoices DEFERRABLE INITIALLY DEFERRED,
        budget_id uuid NOT NULL CONSTRAINT recharge_lines_budget_id_fkey REFERENCES budgets,
        debtor_id uuid NOT NULL CONSTRAINT recharge_lines_debtor_id_fkey REFERENCES funders,
        creditor_id uuid NOT NULL CONSTRAINT recharge_lines_creditor_id_fkey REFERENCES funders,
        amount_pence bigint NOT NULL,
        CONSTRAINT recharge_lines_pkey PRIMARY KEY (invoice_id, budget_id, debtor_id),
        CONSTRAINT recharge_lines_amount_not_nothing_check CHECK (amount_pence <> 0),
        CONSTRAINT recharge_lines_two_funders_check CHECK (debtor_id <> creditor_id)
    """,
    "risk_rules": """
        rule_id uuid NOT NULL CONSTRAINT risk_rules_pkey PRIMARY KEY,
        pool_id uuid NOT NULL CONSTRAINT risk_rules_pool_id_fkey REFERENCES pools,
        version bigint NOT NULL,
        kind varchar(32) NOT NULL,
        from_year bigint NOT NULL,
        CONSTRAINT risk_rules_version_key UNIQUE (pool_id, version)
    """,
    "risk_rule_parts": """
        rule_id uuid NOT NULL CONSTRAINT risk_rule_parts_rule_id_fkey REFERENCES risk_rules,
        funder_id uuid NOT NULL CONSTRAINT risk_rule_parts_funder_id_fkey REFERENCES funders,
        basis_points bigint NOT NULL,
        most_pence bigint,
        CONSTRAINT risk_rule_parts_pkey PRIMARY KEY (rule_id, funder_id),
        CONSTRAINT risk_rule_parts_basis_points_of_whole_check
            CHECK (basis_points BETWEEN 0 AND 10000),
        CONSTRAINT risk_rule_parts_most_not_negative_check CHECK (most_pence >= 0)
    """,
    "risk_rule_signatures": """
        rule_id uuid NOT NULL CONSTRAINT risk_rule_signatures_rule_id_fkey REFERENCES risk_rules,
        funder_id uuid NOT NULL CONSTRAINT risk_rule_signatures_funder_id_fkey REFERENCES funders,
        role varchar NOT NULL,
        signed_on date NOT NULL,
        CONSTRAINT risk_rule_signatures_pkey PRIMARY KEY (rule_id, funder_id)
    """,
    "risk_share_runs": """
        run_id uuid NOT NULL CONSTRAINT risk_share_runs_pkey PRIMARY KEY,
        pool_id uuid NOT NULL CONSTRAINT risk_share_runs_pool_id_fkey REFERENCES pools,
        financial_year bigint NOT NULL,
        rule_id uuid NOT NULL CONSTRAINT risk_share_runs_rule_id_fkey REFERENCES risk_rules,
        run_at timestamptz NOT NULL,
        CONSTRAINT risk_share_runs_once_a_year_key UNIQUE (pool_id, financial_year)
    """,
    "risk_share_moves": """
        run_id uuid NOT NULL CONSTRAINT risk_share_moves_run_id_fkey REFERENCES risk_share_runs,
        budget_id uuid NOT NULL CONSTRAINT risk_share_moves_budget_id_fkey REFERENCES budgets,
        shared varchar(32) NOT NULL,
        payer_id uuid NOT NULL CONSTRAINT risk_share_moves_payer_id_fkey REFERENCES funders,
        receiver_id uuid NOT NULL CONSTRAINT risk_share_moves_receiver_id_fkey REFERENCES funders,
        amount_pence bigint NOT NULL,
        CONSTRAINT risk_share_moves_pkey
            PRIMARY KEY (run_id, budget_id, shared, payer_id, receiver_id),
        CONSTRAINT risk_share_moves_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT risk_share_moves_two_funders_check CHECK (payer_id <> receiver_id)
    """,
}
PROGRESS = "bank_reference, settled_until, kept_pence, settled_at"

# Books that are open get the account by which a settlement is booked.
OPEN_SETTLED = """
INSERT INTO accounts (budget_id, funder_id, funder_kind, kind, name)
SELECT budget_id, funder_id, funder_kind, 'settled', 'settled ' || split_part(name, ' ', 2)
FROM accounts WHERE kind = 'due_to'
ORDER BY account_id
ON CONFLICT (budget_id, funder_id, name) DO NOTHING
"""


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        # What a run found and partners signed stays as it is.
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute(f"GRANT UPDATE ({PROGRESS}) ON recharge_invoices TO budget")
    op.execute("CREATE INDEX recharge_lines_budget_id_ix ON recharge_lines (budget_id)")
    op.execute(OPEN_SETTLED)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    # Where one was booked its postings stand on it: history is not undone.
    op.execute("ALTER TABLE accounts DISABLE TRIGGER accounts_are_final")
    op.execute("DELETE FROM accounts WHERE kind = 'settled'")
    op.execute("ALTER TABLE accounts ENABLE TRIGGER accounts_are_final")
