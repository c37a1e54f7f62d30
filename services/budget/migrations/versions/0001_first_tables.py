"""funders, budgets, agreements and contributions"""

from alembic import op

from shared.migrations.versions import messaging_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "funders": """
        funder_id uuid NOT NULL CONSTRAINT funders_pkey PRIMARY KEY,
        kind varchar(32) NOT NULL,
        code varchar CONSTRAINT funders_code_key UNIQUE,
        name varchar,
        CONSTRAINT funders_funder_id_kind_key UNIQUE (funder_id, kind),
        CONSTRAINT funders_code_of_organisations_check CHECK ((kind = 'person') = (code IS NULL)),
        CONSTRAINT funders_name_of_organisations_check CHECK ((kind = 'person') = (name IS NULL))
    """,
    "pools": """
        pool_id uuid NOT NULL CONSTRAINT pools_pkey PRIMARY KEY,
        name varchar NOT NULL,
        agreement_reference varchar NOT NULL,
        host_id uuid NOT NULL CONSTRAINT pools_host_id_fkey REFERENCES funders,
        starts_on date NOT NULL,
        ends_on date,
        CONSTRAINT pools_ends_after_start_check CHECK (ends_on > starts_on)
    """,
    "pool_partners": """
        pool_id uuid NOT NULL CONSTRAINT pool_partners_pool_id_fkey REFERENCES pools,
        funder_id uuid NOT NULL CONSTRAINT pool_partners_funder_id_fkey REFERENCES funders,
        CONSTRAINT pool_partners_pkey PRIMARY KEY (pool_id, funder_id)
    """,
    "periods": """
        period_id uuid NOT NULL CONSTRAINT periods_pkey PRIMARY KEY,
        pool_id uuid NOT NULL CONSTRAINT periods_pool_id_fkey REFERENCES pools,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        state varchar(32) NOT NULL,
        CONSTRAINT periods_ends_after_start_check CHECK (ends_on > starts_on),
        CONSTRAINT periods_no_overlap_excl EXCLUDE USING gist (
            pool_id WITH =, daterange(starts_on, ends_on) WITH &&
        )
    """,
    "budgets": """
        budget_id uuid NOT NULL CONSTRAINT budgets_pkey PRIMARY KEY,
        plan_id uuid NOT NULL,
        plan_version bigint NOT NULL,
        person_id uuid NOT NULL,
        legal_basis varchar NOT NULL,
        total_pence bigint NOT NULL,
        state varchar(32) NOT NULL,
        low_below_pence bigint NOT NULL,
        is_low boolean NOT NULL,
        pool_id uuid CONSTRAINT budgets_pool_id_fkey REFERENCES pools,
        CONSTRAINT budgets_total_positive_check CHECK (total_pence > 0)
    """,
    "budget_endings": """
        budget_id uuid NOT NULL CONSTRAINT budget_endings_pkey PRIMARY KEY
            CONSTRAINT budget_endings_budget_id_fkey REFERENCES budgets,
        ends_on date NOT NULL,
        reason varchar(32) NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL
    """,
    "budget_versions": """
        budget_id uuid NOT NULL CONSTRAINT budget_versions_budget_id_fkey REFERENCES budgets,
        version bigint NOT NULL,
        plan_id uuid NOT NULL,
        total_pence bigint NOT NULL,
        starts_on date NOT NULL,
        CONSTRAINT budget_versions_pkey PRIMARY KEY (budget_id, version),
        CONSTRAINT budget_versions_total_positive_check CHECK (total_pence > 0)
    """,
    "budget_items": """
        item_id uuid NOT NULL CONSTRAINT budget_items_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT budget_items_budget_id_fkey REFERENCES budgets,
        plan_version bigint NOT NULL,
        description varchar NOT NULL,
        payer varchar NOT NULL,
        unit_cost_pence bigint NOT NULL,
        occurrences bigint NOT NULL,
        CONSTRAINT budget_items_unit_cost_positive_check CHECK (unit_cost_pence > 0),
        CONSTRAINT budget_items_occurrences_positive_check CHECK (occurrences > 0),
        CONSTRAINT budget_items_payer_known_check CHECK (payer IN ('joint', 'nhs', 'council'))
    """,
    "financial_assessments": """
        budget_id uuid NOT NULL CONSTRAINT financial_assessments_pkey PRIMARY KEY,
        weekly_contribution_pence bigint NOT NULL,
        weeks bigint NOT NULL,
        free_weeks bigint NOT NULL,
        CONSTRAINT financial_assessments_contribution_not_negative_check
            CHECK (weekly_contribution_pence >= 0),
        CONSTRAINT financial_assessments_weeks_positive_check CHECK (weeks > 0),
        CONSTRAINT financial_assessments_free_weeks_within_check
            CHECK (free_weeks BETWEEN 0 AND weeks)
    """,
    "agreements": """
        agreement_id uuid NOT NULL CONSTRAINT agreements_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT agreements_budget_id_fkey REFERENCES budgets,
        purpose varchar NOT NULL,
        version bigint NOT NULL,
        state varchar(32) NOT NULL,
        starts_on date NOT NULL,
        ends_on date,
        denominator bigint NOT NULL,
        CONSTRAINT agreements_ends_after_start_check CHECK (ends_on > starts_on),
        CONSTRAINT agreements_denominator_positive_check CHECK (denominator > 0),
        CONSTRAINT agreements_version_key UNIQUE (budget_id, purpose, version),
        CONSTRAINT agreements_no_overlap_excl EXCLUDE USING gist (
            budget_id WITH =, purpose WITH =, daterange(starts_on, ends_on) WITH &&
        ) WHERE (state IN ('agreed', 'provisional'))
    """,
    "agreement_shares": """
        agreement_id uuid NOT NULL
            CONSTRAINT agreement_shares_agreement_id_fkey REFERENCES agreements,
        funder_id uuid NOT NULL CONSTRAINT agreement_shares_funder_id_fkey REFERENCES funders,
        numerator bigint NOT NULL,
        legal_basis varchar NOT NULL,
        priority bigint NOT NULL,
        cap_pence bigint,
        agreed_pence bigint NOT NULL,
        spent_pence bigint NOT NULL,
        CONSTRAINT agreement_shares_pkey PRIMARY KEY (agreement_id, funder_id),
        CONSTRAINT agreement_shares_numerator_not_negative_check CHECK (numerator >= 0),
        CONSTRAINT agreement_shares_agreed_not_negative_check CHECK (agreed_pence >= 0),
        CONSTRAINT agreement_shares_cap_not_negative_check CHECK (cap_pence >= 0)
    """,
    "agreement_signatures": """
        agreement_id uuid NOT NULL
            CONSTRAINT agreement_signatures_agreement_id_fkey REFERENCES agreements,
        funder_id uuid NOT NULL CONSTRAINT agreement_signatures_funder_id_fkey REFERENCES funders,
        role varchar NOT NULL,
        signed_on date NOT NULL,
        CONSTRAINT agreement_signatures_pkey PRIMARY KEY (agreement_id, funder_id)
    """,
    "contributions": """
        contribution_id uuid NOT NULL CONSTRAINT contributions_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT contributions_budget_id_fkey REFERENCES budgets,
        funder_id uuid NOT NULL CONSTRAINT contributions_funder_id_fkey REFERENCES funders,
        amount_pence bigint NOT NULL,
        due_on date NOT NULL,
        received_pence bigint NOT NULL,
        committed_at timestamptz,
        received_at timestamptz,
        chased_on date,
        CONSTRAINT contributions_amount_not_negative_check CHECK (amount_pence >= 0),
        CONSTRAINT contributions_received_within_check
            CHECK (received_pence BETWEEN 0 AND amount_pence),
        CONSTRAINT contributions_received_whole_check
            CHECK ((received_pence = amount_pence) = (received_at IS NOT NULL))
    """,
    "receipts": """
        contribution_id uuid NOT NULL
            CONSTRAINT receipts_contribution_id_fkey REFERENCES contributions,
        reference varchar NOT NULL,
        money varchar(32) NOT NULL,
        amount_pence bigint NOT NULL,
        received_at timestamptz NOT NULL,
        CONSTRAINT receipts_pkey PRIMARY KEY (contribution_id, reference),
        CONSTRAINT receipts_amount_positive_check CHECK (amount_pence > 0)
    """,
    "refused_holds": """
        purchase_id uuid NOT NULL CONSTRAINT refused_holds_pkey PRIMARY KEY,
        code varchar NOT NULL
    """,
}
INDICES = {"budget_items": "budget_id", "contributions": "budget_id"}


def upgrade() -> None:
    op.execute("CREATE EXTENSION btree_gist")  # so that agreements cannot overlap
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    for table, column in INDICES.items():
        op.execute(f"CREATE INDEX {table}_{column}_ix ON {table} ({column})")
    messaging_0001.create_tables()


def downgrade() -> None:
    messaging_0001.drop_tables()
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP EXTENSION btree_gist")
