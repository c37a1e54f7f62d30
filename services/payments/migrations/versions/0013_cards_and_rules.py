"""tolerance, exclusions, what a decision rested on, cards that change, and series"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = {
    "card_policies": """
        policy_id uuid NOT NULL CONSTRAINT card_policies_pkey PRIMARY KEY,
        version bigint NOT NULL CONSTRAINT card_policies_version_key UNIQUE
            CONSTRAINT card_policies_version_positive_check CHECK (version > 0),
        tolerance_basis_points bigint NOT NULL,
        tolerance_cap_pence bigint NOT NULL,
        allowed_countries varchar[],
        locks_at_issuer boolean NOT NULL,
        payments_of_a_card bigint NOT NULL,
        close_after_days bigint NOT NULL,
        applies_from date NOT NULL,
        set_by uuid NOT NULL,
        why varchar NOT NULL,
        set_at timestamptz NOT NULL,
        CONSTRAINT card_policies_tolerance_in_range_check CHECK (
            tolerance_basis_points BETWEEN 0 AND 10000 AND tolerance_cap_pence >= 0),
        CONSTRAINT card_policies_counts_in_range_check CHECK (
            payments_of_a_card >= 2 AND close_after_days >= 0)
    """,
    "exclusions": """
        exclusion_id uuid NOT NULL CONSTRAINT exclusions_pkey PRIMARY KEY,
        kind varchar(32) NOT NULL,
        strength varchar(32) NOT NULL,
        funder varchar,
        merchant_category_code varchar,
        item_category varchar,
        item_id uuid,
        lifts uuid,
        applies_from date NOT NULL,
        applies_until date,
        set_by uuid NOT NULL,
        source varchar NOT NULL,
        why varchar NOT NULL,
        proposed_at timestamptz NOT NULL,
        approved_by uuid,
        approved_at timestamptz,
        trial_id uuid,
        place bigint CONSTRAINT exclusions_place_key UNIQUE,
        CONSTRAINT exclusions_says_what_check CHECK (
            (lifts IS NULL) = (merchant_category_code IS NOT NULL OR item_category IS NOT NULL)),
        CONSTRAINT exclusions_two_people_check CHECK (approved_by <> set_by),
        CONSTRAINT exclusions_approved_as_a_whole_check CHECK (
            (approved_by IS NULL) = (approved_at IS NULL)
            AND (approved_by IS NULL) = (trial_id IS NULL)
            AND (approved_by IS NULL) = (place IS NULL)),
        CONSTRAINT exclusions_funder_named_check CHECK (kind <> 'funder' OR funder IS NOT NULL),
        CONSTRAINT exclusions_period_check CHECK (applies_until >= applies_from)
    """,
    "exclusion_trials": """
        trial_id uuid NOT NULL CONSTRAINT exclusion_trials_pkey PRIMARY KEY,
        exclusion_id uuid NOT NULL
            CONSTRAINT exclusion_trials_exclusion_id_fkey REFERENCES exclusions,
        days bigint NOT NULL CONSTRAINT exclusion_trials_days_positive_check CHECK (days > 0),
        tried_by uuid NOT NULL,
        tried_at timestamptz NOT NULL,
        result jsonb NOT NULL
    """,
    "series": """
        series_id uuid NOT NULL CONSTRAINT series_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT series_budget_id_fkey REFERENCES plans,
        item_id uuid NOT NULL CONSTRAINT series_item_id_fkey REFERENCES plan_items,
        requested_by uuid NOT NULL,
        instruction varchar NOT NULL,
        amount_pence bigint NOT NULL
            CONSTRAINT series_amount_positive_check CHECK (amount_pence > 0),
        every varchar(32) NOT NULL,
        period varchar(32) NOT NULL,
        period_cap_pence bigint NOT NULL
            CONSTRAINT series_period_cap_enough_check CHECK (period_cap_pence >= amount_pence),
        starts_on date NOT NULL,
        ends_on date NOT NULL CONSTRAINT series_period_check CHECK (ends_on >= starts_on),
        next_due_on date NOT NULL,
        requested_at timestamptz NOT NULL,
        state varchar(32) NOT NULL,
        approved_by uuid CONSTRAINT series_two_people_check CHECK (approved_by <> requested_by),
        ended_by uuid,
        ended_because varchar,
        ended_at timestamptz
    """,
    "series_occurrences": """
        series_id uuid NOT NULL
            CONSTRAINT series_occurrences_series_id_fkey REFERENCES series,
        due_on date NOT NULL,
        purchase_id uuid,
        refusal_code varchar,
        CONSTRAINT series_occurrences_pkey PRIMARY KEY (series_id, due_on),
        CONSTRAINT series_occurrences_asked_or_not_check CHECK (
            (purchase_id IS NULL) <> (refusal_code IS NULL))
    """,
    "card_changes": """
        change_id uuid NOT NULL CONSTRAINT card_changes_pkey PRIMARY KEY,
        card_id uuid NOT NULL CONSTRAINT card_changes_card_id_fkey REFERENCES cards,
        state varchar(32) NOT NULL,
        changed_by uuid,
        because varchar NOT NULL,
        changed_at timestamptz NOT NULL
    """,
}
INDICES = (
    "CREATE INDEX exclusion_trials_exclusion_id_ix ON exclusion_trials (exclusion_id)",
    "CREATE INDEX series_item_id_ix ON series (item_id)",
    "CREATE INDEX series_due_ix ON series (next_due_on) WHERE state = 'active'",
    "CREATE INDEX card_changes_card_id_ix ON card_changes (card_id)",
    "CREATE INDEX purchases_series_id_ix ON purchases (series_id)",
    "CREATE INDEX decisions_decided_at_ix ON decisions (decided_at)",
    "CREATE UNIQUE INDEX cards_in_use_ix ON cards (purchase_id)"
    " WHERE state IN ('active', 'frozen')",
    "CREATE UNIQUE INDEX cards_of_series_ix ON cards (series_id)"
    " WHERE state IN ('active', 'frozen')",
)
COLUMNS = (
    ("purchases", "tolerance_pence", "bigint NOT NULL"),
    ("purchases", "series_id", "uuid"),
    ("decisions", "approved_pence", "bigint NOT NULL"),
    ("decisions", "policy_version", "varchar NOT NULL"),
    ("decisions", "merchant_category_code", "varchar NOT NULL"),
    ("decisions", "merchant_country", "varchar NOT NULL"),
    ("decisions", "decided_ms", "double precision NOT NULL"),
    ("cards", "series_id", "uuid"),
    ("cards", "replaced_by", "uuid"),
)
# What rows from before have in the new columns.
BEFORE = {
    ("purchases", "tolerance_pence"): "0",
    ("decisions", "approved_pence"): "CASE WHEN is_approved THEN amount_pence ELSE 0 END",
    ("decisions", "policy_version"): "'0'",
    ("decisions", "merchant_category_code"): "''",
    ("decisions", "merchant_country"): "''",
    ("decisions", "decided_ms"): "0",
}


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    for table, column, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind.removesuffix(' NOT NULL')}")
        if (table, column) in BEFORE:
            op.execute(f"UPDATE {table} SET {column} = {BEFORE[table, column]}")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
    op.execute(
        "ALTER TABLE purchases ADD CONSTRAINT purchases_tolerance_not_negative_check"
        " CHECK (tolerance_pence >= 0)"
    )
    op.execute(
        "ALTER TABLE decisions ADD CONSTRAINT decisions_approved_within_asked_check"
        " CHECK (approved_pence BETWEEN 0 AND amount_pence)"
    )
    op.execute("ALTER TABLE cards DROP CONSTRAINT cards_purchase_id_key")
    op.execute("CREATE INDEX cards_purchase_id_ix ON cards (purchase_id)")
    for index in INDICES:
        op.execute(index)


def downgrade() -> None:
    op.execute("DROP INDEX cards_in_use_ix, cards_of_series_ix, decisions_decided_at_ix")
    op.execute("DROP INDEX cards_purchase_id_ix")
    op.execute("ALTER TABLE cards ADD CONSTRAINT cards_purchase_id_key UNIQUE (purchase_id)")
    for table, column, _ in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
