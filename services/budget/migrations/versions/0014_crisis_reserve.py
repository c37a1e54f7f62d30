"""reserves for a crisis"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "crisis_reserves": """
        reserve_id uuid NOT NULL CONSTRAINT crisis_reserves_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT crisis_reserves_budget_id_fkey REFERENCES budgets,
        actor varchar NOT NULL,
        promised_at timestamptz NOT NULL,
        CONSTRAINT crisis_reserves_budget_id_key UNIQUE (budget_id)
    """,
    "crisis_reserve_parts": """
        reserve_id uuid NOT NULL
            CONSTRAINT crisis_reserve_parts_reserve_id_fkey REFERENCES crisis_reserves,
        funder_id uuid NOT NULL CONSTRAINT crisis_reserve_parts_funder_id_fkey REFERENCES funders,
        amount_pence bigint NOT NULL,
        CONSTRAINT crisis_reserve_parts_pkey PRIMARY KEY (reserve_id, funder_id),
        CONSTRAINT crisis_reserve_parts_amount_positive_check CHECK (amount_pence > 0)
    """,
    "crisis_reserve_signatures": """
        reserve_id uuid NOT NULL
            CONSTRAINT crisis_reserve_signatures_reserve_id_fkey REFERENCES crisis_reserves,
        funder_id uuid NOT NULL
            CONSTRAINT crisis_reserve_signatures_funder_id_fkey REFERENCES funders,
        role varchar NOT NULL,
        signed_on date NOT NULL,
        CONSTRAINT crisis_reserve_signatures_pkey PRIMARY KEY (reserve_id, funder_id)
    """,
    "crises": """
        crisis_id uuid NOT NULL CONSTRAINT crises_pkey PRIMARY KEY,
        reserve_id uuid NOT NULL CONSTRAINT crises_reserve_id_fkey REFERENCES crisis_reserves,
        cap_pence bigint NOT NULL,
        usable_pence bigint NOT NULL,
        actor varchar NOT NULL,
        activated_at timestamptz NOT NULL,
        stood_down_at timestamptz,
        CONSTRAINT crises_usable_positive_check CHECK (usable_pence > 0),
        CONSTRAINT crises_usable_within_cap_check CHECK (usable_pence <= cap_pence)
    """,
    "crisis_parts": """
        crisis_id uuid NOT NULL CONSTRAINT crisis_parts_crisis_id_fkey REFERENCES crises,
        funder_id uuid NOT NULL CONSTRAINT crisis_parts_funder_id_fkey REFERENCES funders,
        contribution_id uuid NOT NULL
            CONSTRAINT crisis_parts_contribution_id_fkey REFERENCES contributions,
        amount_pence bigint NOT NULL,
        CONSTRAINT crisis_parts_pkey PRIMARY KEY (crisis_id, funder_id),
        CONSTRAINT crisis_parts_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT crisis_parts_contribution_id_key UNIQUE (contribution_id)
    """,
    "crisis_returns": """
        crisis_id uuid NOT NULL CONSTRAINT crisis_returns_crisis_id_fkey REFERENCES crises,
        funder_id uuid NOT NULL CONSTRAINT crisis_returns_funder_id_fkey REFERENCES funders,
        unpromised_pence bigint NOT NULL,
        repaid_pence bigint NOT NULL,
        CONSTRAINT crisis_returns_pkey PRIMARY KEY (crisis_id, funder_id),
        CONSTRAINT crisis_returns_unpromised_not_negative_check CHECK (unpromised_pence >= 0),
        CONSTRAINT crisis_returns_repaid_not_negative_check CHECK (repaid_pence >= 0)
    """,
}
GROWS = "crises"  # by its end


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
        if table == GROWS:
            continue
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(f"GRANT UPDATE (stood_down_at) ON {GROWS} TO budget")
    # One at a time: what is promised is usable once.
    op.execute(
        "CREATE UNIQUE INDEX crises_one_at_a_time_ix ON crises (reserve_id)"
        " WHERE stood_down_at IS NULL"
    )
    op.execute("ALTER TABLE contributions ADD is_for_crisis boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE contributions ALTER is_for_crisis DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE contributions DROP is_for_crisis")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    # Where one was booked its postings stand on it: history is not undone.
    op.execute("ALTER TABLE accounts DISABLE TRIGGER accounts_are_final")
    op.execute("DELETE FROM accounts WHERE kind IN ('reserve', 'reserve_promised')")
    op.execute("ALTER TABLE accounts ENABLE TRIGGER accounts_are_final")
