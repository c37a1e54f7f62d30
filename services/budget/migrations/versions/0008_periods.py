"""closing periods: signatures, snapshots, reopenings, and the end of a financial year"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "period_signatures": """
        period_id uuid NOT NULL CONSTRAINT period_signatures_period_id_fkey REFERENCES periods,
        version bigint NOT NULL,
        funder_id uuid NOT NULL CONSTRAINT period_signatures_funder_id_fkey REFERENCES funders,
        last_seq bigint NOT NULL,
        role varchar NOT NULL,
        actor varchar NOT NULL,
        signed_at timestamptz NOT NULL,
        CONSTRAINT period_signatures_pkey PRIMARY KEY (period_id, version, funder_id, last_seq),
        CONSTRAINT period_signatures_role_told_check CHECK (role <> '')
    """,
    "period_closures": """
        period_id uuid NOT NULL CONSTRAINT period_closures_period_id_fkey REFERENCES periods,
        version bigint NOT NULL,
        last_seq bigint NOT NULL,
        hash bytea NOT NULL,
        closed_by varchar NOT NULL,
        closed_at timestamptz NOT NULL,
        CONSTRAINT period_closures_pkey PRIMARY KEY (period_id, version),
        CONSTRAINT period_closures_version_from_one_check CHECK (version > 0),
        CONSTRAINT period_closures_hash_whole_check CHECK (octet_length(hash) = 32)
    """,
    "period_balances": """
        period_id uuid NOT NULL,
        version bigint NOT NULL,
        account_id bigint NOT NULL,
        opening_pence bigint NOT NULL,
        debits_pence bigint NOT NULL,
        credits_pence bigint NOT NULL,
        closing_pence bigint NOT NULL,
        held_pence bigint NOT NULL,
        CONSTRAINT period_balances_pkey PRIMARY KEY (period_id, version, account_id),
        CONSTRAINT period_balances_closure_fkey
            FOREIGN KEY (period_id, version) REFERENCES period_closures (period_id, version),
        CONSTRAINT period_balances_adds_up_check
            CHECK (closing_pence = opening_pence + credits_pence - debits_pence),
        CONSTRAINT period_balances_not_negative_check
            CHECK (debits_pence >= 0 AND credits_pence >= 0 AND held_pence >= 0)
    """,
    "reopening_approvals": """
        period_id uuid NOT NULL,
        version bigint NOT NULL,
        actor varchar NOT NULL,
        reason varchar NOT NULL,
        approved_at timestamptz NOT NULL,
        is_last boolean NOT NULL,
        CONSTRAINT reopening_approvals_pkey PRIMARY KEY (period_id, version, actor, is_last),
        CONSTRAINT reopening_approvals_closure_fkey
            FOREIGN KEY (period_id, version) REFERENCES period_closures (period_id, version),
        CONSTRAINT reopening_approvals_reason_told_check CHECK (reason <> '')
    """,
    "year_ends": """
        pool_id uuid NOT NULL CONSTRAINT year_ends_pool_id_fkey REFERENCES pools,
        financial_year bigint NOT NULL,
        period_id uuid NOT NULL,
        version bigint NOT NULL,
        rules jsonb NOT NULL,
        actor varchar NOT NULL,
        made_at timestamptz NOT NULL,
        CONSTRAINT year_ends_pkey PRIMARY KEY (pool_id, financial_year),
        CONSTRAINT year_ends_closure_fkey
            FOREIGN KEY (period_id, version) REFERENCES period_closures (period_id, version)
    """,
    "year_end_lines": """
        pool_id uuid NOT NULL,
        financial_year bigint NOT NULL,
        budget_id uuid NOT NULL CONSTRAINT year_end_lines_budget_id_fkey REFERENCES budgets,
        funder_id uuid NOT NULL CONSTRAINT year_end_lines_funder_id_fkey REFERENCES funders,
        left_pence bigint NOT NULL,
        carried_pence bigint NOT NULL,
        lapsed_pence bigint NOT NULL,
        due_pence bigint NOT NULL,
        CONSTRAINT year_end_lines_pkey
            PRIMARY KEY (pool_id, financial_year, budget_id, funder_id),
        CONSTRAINT year_end_lines_year_end_fkey
            FOREIGN KEY (pool_id, financial_year) REFERENCES year_ends (pool_id, financial_year),
        CONSTRAINT year_end_lines_adds_up_check
            CHECK (left_pence + due_pence = carried_pence + lapsed_pence),
        CONSTRAINT year_end_lines_not_negative_check
            CHECK (left_pence >= 0 AND carried_pence >= 0 AND lapsed_pence >= 0)
    """,
}
BY_FUNCTION_ALONE = ("period_closures", "period_balances")

LOCK_POOL = "pg_advisory_xact_lock(hashtextextended('periods of ' || p.pool_id, 0))"

SOFT_CLOSE = f"""
CREATE FUNCTION soft_close_period(of_period uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- From here on only what says why it is late is written for the period.
BEGIN
    PERFORM {LOCK_POOL} FROM periods AS p WHERE period_id = of_period;
    UPDATE periods AS p SET state = 'closing'
    WHERE period_id = of_period AND state = 'open'
      AND NOT EXISTS (SELECT FROM periods AS before
                      WHERE before.pool_id = p.pool_id AND before.starts_on < p.starts_on
                        AND before.state = 'open');
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'only an open period is closed softly, in order';
    END IF;
END $$
"""

CLOSE = f"""
CREATE FUNCTION close_period(of_period uuid, by_whom text, at timestamptz)
RETURNS TABLE (version bigint, last_seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET datestyle = 'ISO' AS $$
-- Closes a period for good and keeps what every account of its pool stood at. Whoever books for the
-- pool has committed before, and is in it, or waits and is refused: the lock that follows is the
-- one under which the function book looks for closed periods.
#variable_conflict use_column
DECLARE
    p periods%ROWTYPE;
    before periods%ROWTYPE;
    before_version bigint;
    kept period_closures%ROWTYPE;
    seen_seq bigint;
BEGIN
    SELECT * INTO p FROM periods WHERE period_id = of_period;
    PERFORM {LOCK_POOL};
    SELECT * INTO p FROM periods WHERE period_id = of_period;
    SELECT * INTO before FROM periods WHERE pool_id = p.pool_id AND ends_on = p.starts_on;
    SELECT max(c.version) INTO before_version FROM period_closures AS c
    WHERE c.period_id = before.period_id;
    SELECT 1 + count(*) INTO kept.version FROM period_closures AS c WHERE c.period_id = of_period;
    SELECT coalesce(max(seq), 0),
           coalesce(max(seq) FILTER (WHERE effective_on < p.ends_on), 0)
    INTO kept.last_seq, seen_seq
    FROM journals JOIN budgets AS b USING (budget_id) WHERE b.pool_id = p.pool_id;
    IF p.state IS DISTINCT FROM 'closing' OR before.state <> 'closed' OR EXISTS (
        SELECT FROM pool_partners AS partner
        WHERE partner.pool_id = p.pool_id AND NOT EXISTS (
            SELECT FROM period_signatures AS s
            WHERE (s.period_id, s.version, s.funder_id)
                  = (of_period, kept.version, partner.funder_id)
              AND s.last_seq >= seen_seq))
    THEN
        RAISE check_violation
            USING MESSAGE = 'a period is closed in order, once every partner has signed';
    END IF;

    WITH booked AS (
        SELECT o.debit_account_id, o.credit_account_id, o.amount_pence,
               j.effective_on >= p.starts_on AS is_in_it
        FROM budgets AS b JOIN journals AS j USING (budget_id) JOIN postings AS o USING (journal_id)
        WHERE b.pool_id = p.pool_id AND j.effective_on < p.ends_on
          AND (j.effective_on >= p.starts_on OR before.period_id IS NULL)
    ), moves AS (
        SELECT moved_id, sum(credit - debit) FILTER (WHERE NOT is_in_it) AS brought,
               sum(debit) FILTER (WHERE is_in_it) AS debits,
               sum(credit) FILTER (WHERE is_in_it) AS credits
        FROM (SELECT debit_account_id AS moved_id, amount_pence AS debit, 0 AS credit, is_in_it
              FROM booked
              UNION ALL SELECT credit_account_id, 0, amount_pence, is_in_it FROM booked) AS sides
        GROUP BY moved_id
    ), figures AS (
        SELECT a.account_id, coalesce(o.closing_pence, brought, 0) AS opening,
               coalesce(debits, 0) AS debits, coalesce(credits, 0) AS credits,
               coalesce(balance.held_pence, 0) AS held
        FROM accounts AS a JOIN budgets AS b USING (budget_id)
        LEFT JOIN moves ON moved_id = a.account_id
        LEFT JOIN balances AS balance ON balance.account_id = a.account_id
        LEFT JOIN period_balances AS o
            ON (o.period_id, o.version, o.account_id)
               = (before.period_id, before_version, a.account_id)
        WHERE b.pool_id = p.pool_id
          AND (a.kind = 'available' OR moved_id IS NOT NULL OR o.closing_pence <> 0)
    ), closure AS (
        INSERT INTO period_closures (period_id, version, last_seq, hash, closed_by, closed_at)
        SELECT of_period, kept.version, kept.last_seq, sha256(convert_to(
                   concat_ws(':', p.pool_id, of_period, kept.version, p.starts_on, p.ends_on,
                             kept.last_seq)
                   || coalesce(string_agg(
                       E'\\n' || concat_ws(':', account_id, opening, debits, credits,
                                          opening + credits - debits, held),
                       '' ORDER BY account_id), ''), 'UTF8')),
               by_whom, at
        FROM figures
    )
    INSERT INTO period_balances (period_id, version, account_id, opening_pence, debits_pence,
                                 credits_pence, closing_pence, held_pence)
    SELECT of_period, kept.version, account_id, opening, debits, credits,
           opening + credits - debits, held
    FROM figures;

    UPDATE periods SET state = 'closed' WHERE period_id = of_period;
    RETURN QUERY SELECT c.version, c.last_seq, c.hash FROM period_closures AS c
                 WHERE (c.period_id, c.version) = (of_period, kept.version);
END $$
"""

REOPEN = f"""
CREATE FUNCTION reopen_period(of_period uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Two who are not the same have approved it; its snapshots stay.
BEGIN
    PERFORM {LOCK_POOL} FROM periods AS p WHERE period_id = of_period;
    IF EXISTS (SELECT FROM periods AS p JOIN year_ends AS y USING (pool_id)
               JOIN periods AS last ON last.period_id = y.period_id
               WHERE p.period_id = of_period AND p.starts_on <= last.starts_on) THEN
        RAISE EXCEPTION USING ERRCODE = 'CP002', MESSAGE = 'its financial year has ended';
    END IF;
    UPDATE periods AS p SET state = 'closing'
    WHERE period_id = of_period AND state = 'closed'
      AND NOT EXISTS (SELECT FROM periods AS later
                      WHERE later.pool_id = p.pool_id AND later.starts_on > p.starts_on
                        AND later.state = 'closed')
      AND (SELECT count(DISTINCT lower(btrim(actor))) FROM reopening_approvals AS a
           WHERE a.period_id = of_period
             AND a.version = (SELECT max(c.version) FROM period_closures AS c
                              WHERE c.period_id = of_period)) >= 2;
    IF NOT FOUND THEN
        RAISE check_violation
            USING MESSAGE = 'only the newest closed period is reopened, by two who approve';
    END IF;
END $$
"""
FUNCTIONS = {
    "soft_close_period(uuid)": SOFT_CLOSE,
    "close_period(uuid, text, timestamptz)": CLOSE,
    "reopen_period(uuid)": REOPEN,
}


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
    for table in BY_FUNCTION_ALONE:
        op.execute(f"REVOKE INSERT ON {table} FROM budget")
    # A period is opened by the service; it is closed and reopened by these functions alone.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON periods FROM budget")
    for signature, function in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO budget")
    # When it was written, not when its transaction began: a transaction may have waited before it
    # took the lock of its pool's periods, and what was known at an instant would change afterwards.
    op.execute("ALTER TABLE journals ALTER recorded_at SET DEFAULT clock_timestamp()")


def downgrade() -> None:
    op.execute("ALTER TABLE journals ALTER recorded_at SET DEFAULT now()")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("GRANT UPDATE, DELETE ON periods TO budget")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
