"""by which way money goes: brokers, direct payments and their returns, deliveries"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = {
    "item_routes": """
        item_id uuid NOT NULL CONSTRAINT item_routes_item_id_fkey REFERENCES budget_items,
        number bigint NOT NULL,
        starts_on date NOT NULL,
        route varchar(32) NOT NULL,
        payee varchar(32),
        account_reference varchar,
        reason varchar NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT item_routes_pkey PRIMARY KEY (item_id, number),
        CONSTRAINT item_routes_payee_of_direct_payment_check
            CHECK ((route = 'direct_payment') = (payee IS NOT NULL)),
        CONSTRAINT item_routes_account_of_payee_check
            CHECK ((payee IS NULL) = (account_reference IS NULL)),
        CONSTRAINT item_routes_actor_told_check CHECK (actor <> ''),
        CONSTRAINT item_routes_reason_told_check CHECK (reason <> '')
    """,
    "direct_payment_schedules": """
        schedule_id uuid NOT NULL CONSTRAINT direct_payment_schedules_pkey PRIMARY KEY,
        budget_id uuid NOT NULL
            CONSTRAINT direct_payment_schedules_budget_id_fkey REFERENCES budgets,
        item_id uuid NOT NULL
            CONSTRAINT direct_payment_schedules_item_id_fkey REFERENCES budget_items,
        number bigint NOT NULL,
        recurrence varchar(32) NOT NULL,
        amount_pence bigint NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT direct_payment_schedules_item_id_number_key UNIQUE (item_id, number),
        CONSTRAINT direct_payment_schedules_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT direct_payment_schedules_ends_after_start_check CHECK (ends_on > starts_on),
        CONSTRAINT direct_payment_schedules_actor_told_check CHECK (actor <> '')
    """,
    "direct_payments": """
        payment_id uuid NOT NULL CONSTRAINT direct_payments_pkey PRIMARY KEY
            CONSTRAINT direct_payments_payment_id_fkey REFERENCES holds,
        schedule_id uuid NOT NULL CONSTRAINT direct_payments_schedule_id_fkey
            REFERENCES direct_payment_schedules,
        period_starts_on date NOT NULL,
        amount_pence bigint NOT NULL,
        payee varchar(32) NOT NULL,
        account_reference varchar NOT NULL,
        actor varchar NOT NULL,
        paid_at timestamptz NOT NULL,
        CONSTRAINT direct_payments_schedule_id_period_starts_on_key
            UNIQUE (schedule_id, period_starts_on),
        CONSTRAINT direct_payments_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT direct_payments_actor_told_check CHECK (actor <> '')
    """,
    "unpaid_direct_payments": """
        schedule_id uuid NOT NULL CONSTRAINT unpaid_direct_payments_schedule_id_fkey
            REFERENCES direct_payment_schedules,
        period_starts_on date NOT NULL,
        code varchar NOT NULL,
        told_at timestamptz NOT NULL,
        CONSTRAINT unpaid_direct_payments_pkey PRIMARY KEY (schedule_id, period_starts_on, code)
    """,
    "direct_payment_returns": """
        return_id uuid NOT NULL CONSTRAINT direct_payment_returns_pkey PRIMARY KEY,
        budget_id uuid NOT NULL
            CONSTRAINT direct_payment_returns_budget_id_fkey REFERENCES budgets,
        item_id uuid NOT NULL
            CONSTRAINT direct_payment_returns_item_id_fkey REFERENCES budget_items,
        period_starts_on date NOT NULL,
        period_ends_on date NOT NULL,
        spent_pence bigint NOT NULL,
        evidence_reference varchar NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT direct_payment_returns_spent_positive_check CHECK (spent_pence > 0),
        CONSTRAINT direct_payment_returns_ends_after_start_check
            CHECK (period_ends_on > period_starts_on),
        CONSTRAINT direct_payment_returns_actor_told_check CHECK (actor <> '')
    """,
    "returned_payments": """
        payment_id uuid NOT NULL CONSTRAINT returned_payments_payment_id_fkey
            REFERENCES direct_payments,
        bank_reference varchar NOT NULL,
        amount_pence bigint NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT returned_payments_pkey PRIMARY KEY (payment_id, bank_reference),
        CONSTRAINT returned_payments_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT returned_payments_actor_told_check CHECK (actor <> '')
    """,
    "overdue_returns": """
        item_id uuid NOT NULL CONSTRAINT overdue_returns_item_id_fkey REFERENCES budget_items,
        since_on date NOT NULL,
        told_at timestamptz NOT NULL,
        CONSTRAINT overdue_returns_pkey PRIMARY KEY (item_id, since_on)
    """,
    "broker_transfers": """
        transfer_id uuid NOT NULL CONSTRAINT broker_transfers_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT broker_transfers_budget_id_fkey REFERENCES budgets,
        direction varchar(32) NOT NULL,
        amount_pence bigint NOT NULL,
        bank_reference varchar NOT NULL,
        asked jsonb NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT broker_transfers_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT broker_transfers_actor_told_check CHECK (actor <> '')
    """,
    "broker_reports": """
        report_id uuid NOT NULL CONSTRAINT broker_reports_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT broker_reports_budget_id_fkey REFERENCES budgets,
        number bigint NOT NULL,
        reported_on date NOT NULL,
        outcome varchar(32) NOT NULL,
        owner varchar,
        due_on date,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT broker_reports_budget_id_number_key UNIQUE (budget_id, number),
        CONSTRAINT broker_reports_owner_of_difference_check
            CHECK ((outcome = 'differs') = (owner IS NOT NULL)),
        CONSTRAINT broker_reports_day_of_owner_check CHECK ((owner IS NULL) = (due_on IS NULL)),
        CONSTRAINT broker_reports_actor_told_check CHECK (actor <> '')
    """,
    "broker_report_lines": """
        report_id uuid NOT NULL
            CONSTRAINT broker_report_lines_report_id_fkey REFERENCES broker_reports,
        funder_id uuid NOT NULL
            CONSTRAINT broker_report_lines_funder_id_fkey REFERENCES funders,
        reported_pence bigint NOT NULL,
        ledger_pence bigint NOT NULL,
        CONSTRAINT broker_report_lines_pkey PRIMARY KEY (report_id, funder_id)
    """,
    "deliveries": """
        delivery_id uuid NOT NULL CONSTRAINT deliveries_pkey PRIMARY KEY
            CONSTRAINT deliveries_delivery_id_fkey REFERENCES holds,
        amount_pence bigint NOT NULL,
        delivered_on date NOT NULL,
        actor varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT deliveries_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT deliveries_actor_told_check CHECK (actor <> '')
    """,
}
INDICES = (
    "CREATE INDEX direct_payment_schedules_budget_id_ix ON direct_payment_schedules (budget_id)",
    "CREATE INDEX direct_payment_returns_item_id_ix ON direct_payment_returns (item_id)",
    "CREATE INDEX broker_transfers_budget_id_ix ON broker_transfers (budget_id)",
)

ROUTE_OF = """
CREATE FUNCTION route_of(of_item uuid, on_day date, known_at timestamptz)
RETURNS SETOF item_routes
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
-- The way of an item on a day, as it was known at an instant: one row, or none where nothing was
-- said. An item of a later version of the plan goes the way of the one before with its words and
-- payer, until something is said of itself.
SELECT r.*
FROM budget_items AS item
JOIN budget_items AS i ON i.budget_id = item.budget_id AND (
    i.item_id = item.item_id
    OR (i.description, i.payer) = (item.description, item.payer)
       AND i.plan_version < item.plan_version)
JOIN item_routes AS r ON r.item_id = i.item_id
WHERE item.item_id = of_item AND r.starts_on <= on_day AND r.recorded_at <= known_at
ORDER BY i.plan_version DESC, r.starts_on DESC, r.number DESC
LIMIT 1
$$
"""

# What the function of migrations 0002 and 0013 answers beside what it did. A purchase keeps for good the way
# that its item went when it was asked for, so a refund goes back along it.
ROUTE = """
        'route', coalesce((
            SELECT route FROM route_of(item.item_id,
                coalesce((asked_at AT TIME ZONE 'Europe/London')::date, on_day),
                coalesce(asked_at, 'infinity'))), 'host'),"""
PURCHASE_AS_IT_STANDS = """
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
    asked_at timestamptz;
BEGIN
    SELECT * INTO budget FROM budgets
    WHERE budget_id = coalesce(
        of_budget, (SELECT h.budget_id FROM holds AS h WHERE h.purchase_id = of_purchase))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO hold FROM holds WHERE purchase_id = of_purchase;
    asked_at := hold.expires_at - interval '720 hours';  -- HOLD_DAYS of holds/rules.py
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
        'is_item_in_plan', coalesce(item.plan_version = budget.plan_version, false),--ROUTE
        'committed', CASE WHEN hold.purchase_id IS NULL THEN (
            SELECT coalesce(jsonb_object_agg(i.item_id,
                       i.unit_cost_pence * i.occurrences - coalesce(used_pence, 0)), '{}')
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
            WHERE a.budget_id = budget.budget_id AND a.kind = 'available'));
END $$
"""

# Books that are open get the accounts for money that is not with the host.
OPEN_ACCOUNTS = """
INSERT INTO accounts (budget_id, funder_id, funder_kind, kind, name)
SELECT budget_id, funder_id, funder_kind, wanted, wanted
FROM accounts, unnest(ARRAY['with_broker', 'with_person', 'evidenced', 'delivered']) AS wanted
WHERE kind = 'available'
ORDER BY account_id, wanted
ON CONFLICT (budget_id, funder_id, name) DO NOTHING
"""
ROUTE_OF_TAKES = "route_of(uuid, date, timestamptz)"


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    for index in INDICES:
        op.execute(index)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute(ROUTE_OF)
    op.execute(f"REVOKE ALL ON FUNCTION {ROUTE_OF_TAKES} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {ROUTE_OF_TAKES} TO budget")
    op.execute(PURCHASE_AS_IT_STANDS.replace("--ROUTE", ROUTE))
    op.execute(OPEN_ACCOUNTS)


def downgrade() -> None:
    op.execute(PURCHASE_AS_IT_STANDS.replace("--ROUTE", ""))
    op.execute(f"DROP FUNCTION {ROUTE_OF_TAKES}")
    # Where one was booked its postings stand on it: history is not undone.
    op.execute("ALTER TABLE accounts DISABLE TRIGGER accounts_are_final")
    op.execute(
        "DELETE FROM accounts"
        " WHERE kind IN ('with_broker', 'with_person', 'evidenced', 'delivered')"
    )
    op.execute("ALTER TABLE accounts ENABLE TRIGGER accounts_are_final")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
