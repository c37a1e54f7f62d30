"""allocations: money that becomes usable bit by bit"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "allocations": """
        allocation_id uuid NOT NULL CONSTRAINT allocations_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT allocations_budget_id_fkey REFERENCES budgets,
        funder_id uuid NOT NULL CONSTRAINT allocations_funder_id_fkey REFERENCES funders,
        recurrence varchar(32) NOT NULL,
        amount_pence bigint NOT NULL,
        starts_on date NOT NULL,
        ends_on date,
        leftover varchar(32) NOT NULL,
        keep_weeks bigint,
        set_aside_pence bigint NOT NULL,
        actor varchar NOT NULL,
        scheduled_at timestamptz NOT NULL,
        CONSTRAINT allocations_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT allocations_ends_after_start_check CHECK (ends_on > starts_on),
        CONSTRAINT allocations_end_told_check CHECK (ends_on IS NOT NULL OR recurrence = 'once'),
        CONSTRAINT allocations_weeks_of_claw_check
            CHECK ((leftover = 'claw') = (keep_weeks IS NOT NULL)),
        CONSTRAINT allocations_weeks_not_negative_check CHECK (keep_weeks >= 0),
        CONSTRAINT allocations_set_aside_not_negative_check CHECK (set_aside_pence >= 0)
    """,
    "allocation_endings": """
        allocation_id uuid NOT NULL CONSTRAINT allocation_endings_pkey PRIMARY KEY
            CONSTRAINT allocation_endings_allocation_id_fkey REFERENCES allocations,
        ends_on date NOT NULL,
        reason varchar NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL
    """,
    "allocation_runs": """
        allocation_id uuid NOT NULL
            CONSTRAINT allocation_runs_allocation_id_fkey REFERENCES allocations,
        period_starts_on date NOT NULL,
        is_closing boolean NOT NULL,
        next_on date,
        allocated_pence bigint NOT NULL,
        taken_back_pence bigint NOT NULL,
        short_pence bigint NOT NULL,
        run_at timestamptz NOT NULL,
        CONSTRAINT allocation_runs_pkey PRIMARY KEY (allocation_id, period_starts_on),
        CONSTRAINT allocation_runs_allocated_not_negative_check CHECK (allocated_pence >= 0),
        CONSTRAINT allocation_runs_taken_back_not_negative_check CHECK (taken_back_pence >= 0),
        CONSTRAINT allocation_runs_short_not_negative_check CHECK (short_pence >= 0),
        CONSTRAINT allocation_runs_closing_is_last_check
            CHECK (NOT is_closing OR allocated_pence = 0 AND next_on IS NULL)
    """,
    "allocation_releases": """
        release_id uuid NOT NULL,
        funder_id uuid NOT NULL CONSTRAINT allocation_releases_funder_id_fkey REFERENCES funders,
        budget_id uuid NOT NULL CONSTRAINT allocation_releases_budget_id_fkey REFERENCES budgets,
        amount_pence bigint NOT NULL,
        reason varchar NOT NULL,
        actor varchar NOT NULL,
        released_at timestamptz NOT NULL,
        CONSTRAINT allocation_releases_pkey PRIMARY KEY (release_id, funder_id),
        CONSTRAINT allocation_releases_amount_positive_check CHECK (amount_pence > 0)
    """,
}
INDICES = {"allocations": "budget_id", "allocation_releases": "budget_id"}

OF_WHAT_IS_UNALLOCATED = "kind IN ('available', 'unallocated')"
OF_WHAT_IS_AVAILABLE = " AND a.kind = 'available'"
OPEN_BOOKS = f"""
CREATE OR REPLACE FUNCTION open_books(of_budget uuid, funder_ids uuid[], kinds text[], names text[])
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Opens accounts, one for each element, and keeps the balance of those that may not be overdrawn.
-- What is open stays as it is.
WITH opened AS (
    INSERT INTO accounts (budget_id, funder_id, funder_kind, kind, name)
    SELECT of_budget, funder_id, funders.kind, wanted.kind, wanted.name
    FROM unnest(funder_ids, kinds, names) WITH ORDINALITY AS wanted (funder_id, kind, name, place)
    JOIN funders USING (funder_id)
    ORDER BY place
    ON CONFLICT (budget_id, funder_id, name) DO NOTHING
    RETURNING account_id, kind)
INSERT INTO balances (account_id, posted_pence, held_pence)
SELECT account_id, 0, 0 FROM opened WHERE {OF_WHAT_IS_UNALLOCATED}
$$
"""
# The parts of those who pay are what is available of each, and not what is unallocated.
PURCHASE_AS_IT_STANDS = f"""
CREATE OR REPLACE FUNCTION purchase_as_it_stands(of_purchase uuid, of_budget uuid, of_item uuid, on_day date)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- Locks the budget, and returns with one question what a decision about a purchase needs. Each
-- statement sees what was committed before it began, so what follows the lock is of that moment.
#variable_conflict use_column
DECLARE
    budget budgets%ROWTYPE;
    hold holds%ROWTYPE;
    item budget_items%ROWTYPE;
    agreement uuid;
BEGIN
    SELECT * INTO budget FROM budgets
    WHERE budget_id = coalesce(
        of_budget, (SELECT h.budget_id FROM holds AS h WHERE h.purchase_id = of_purchase))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO hold FROM holds WHERE purchase_id = of_purchase;
    SELECT * INTO item FROM budget_items
    WHERE item_id = coalesce(hold.item_id, of_item) AND budget_id = budget.budget_id;
    agreement := coalesce(hold.agreement_id, (
        SELECT a.agreement_id FROM agreements AS a
        WHERE a.budget_id = budget.budget_id AND a.purpose = item.payer
          AND a.state IN ('agreed', 'provisional')
          AND daterange(a.starts_on, a.ends_on) @> on_day));
    RETURN jsonb_build_object(
        'budget_id', budget.budget_id,
        'person_id', budget.person_id,
        'ends_on', (SELECT e.ends_on FROM budget_endings AS e WHERE e.budget_id = budget.budget_id),
        'low_below_pence', budget.low_below_pence,
        'is_low', budget.is_low,
        'is_item_in_plan', coalesce(item.plan_version = budget.plan_version, false),
        'committed', CASE WHEN hold.purchase_id IS NULL THEN (
            SELECT coalesce(jsonb_object_agg(i.item_id,
                       i.unit_cost_pence * i.occurrences - coalesce(used_pence, 0)), '{{}}')
            FROM budget_items AS i LEFT JOIN (
                SELECT h.item_id, sum(h.held_pence + h.posted_pence) AS used_pence
                FROM holds AS h WHERE h.budget_id = budget.budget_id GROUP BY h.item_id) AS used
                USING (item_id)
            WHERE i.budget_id = budget.budget_id AND i.plan_version = budget.plan_version) END,
        'hold', CASE WHEN hold.purchase_id IS NOT NULL THEN jsonb_build_object(
            'purchase_id', hold.purchase_id, 'budget_id', hold.budget_id, 'item_id', hold.item_id,
            'agreement_id', hold.agreement_id, 'asked_pence', hold.asked_pence,
            'expires_at', hold.expires_at, 'version', hold.version,
            'amounts_version', hold.amounts_version, 'unmatched_pence', hold.unmatched_pence,
            'expired_at', hold.expired_at) END,
        'portions', (
            SELECT coalesce(jsonb_agg(to_jsonb(p) - 'purchase_id' ORDER BY funder_id), '[]')
            FROM hold_portions AS p WHERE purchase_id = of_purchase),
        'agreement_id', agreement,
        'shares', fundings_of(agreement),
        'host', (
            SELECT jsonb_build_object('funder_id', f.funder_id, 'code', f.code)
            FROM pools AS o JOIN funders AS f ON f.funder_id = o.host_id
            WHERE o.pool_id = budget.pool_id),
        'parts', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'funder_id', a.funder_id, 'code', f.code,
                'free_pence', b.posted_pence - b.held_pence,
                'is_in', (
                    SELECT coalesce(bool_or(
                        c.received_at IS NOT NULL OR c.committed_at IS NOT NULL), true)
                    FROM contributions AS c
                    WHERE c.budget_id = budget.budget_id AND c.funder_id = a.funder_id),
                'is_advanced', EXISTS (
                    SELECT FROM contributions AS c
                    WHERE c.budget_id = budget.budget_id AND c.funder_id = a.funder_id
                      AND c.received_at IS NULL AND c.committed_at IS NOT NULL))), '[]')
            FROM accounts AS a JOIN balances AS b USING (account_id)
            JOIN funders AS f USING (funder_id)
            WHERE a.budget_id = budget.budget_id{OF_WHAT_IS_AVAILABLE}));
END $$
"""


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    for table, column in INDICES.items():
        op.execute(f"CREATE INDEX {table}_{column}_ix ON {table} ({column})")
    op.execute(OPEN_BOOKS)
    op.execute(PURCHASE_AS_IT_STANDS)


def downgrade() -> None:
    op.execute(PURCHASE_AS_IT_STANDS.replace(OF_WHAT_IS_AVAILABLE, ""))
    op.execute(OPEN_BOOKS.replace(OF_WHAT_IS_UNALLOCATED, "kind = 'available'"))
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    # Where one was booked its postings stand on it: history is not undone.
    op.execute("ALTER TABLE accounts DISABLE TRIGGER accounts_are_final")
    op.execute(
        "DELETE FROM balances WHERE account_id IN"
        " (SELECT account_id FROM accounts WHERE kind = 'unallocated')"
    )
    op.execute("DELETE FROM accounts WHERE kind = 'unallocated'")
    op.execute("ALTER TABLE accounts ENABLE TRIGGER accounts_are_final")
