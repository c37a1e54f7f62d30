"""totals of days and months, and what purchases held at any time"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# The amounts are in the key's index too: a long history is read from few pages in a row.
TOTALS = {
    "day_totals": """
        account_id bigint NOT NULL CONSTRAINT day_totals_account_id_fkey REFERENCES accounts,
        effective_on date NOT NULL,
        debit_pence bigint NOT NULL,
        credit_pence bigint NOT NULL,
        CONSTRAINT day_totals_pkey PRIMARY KEY (account_id, effective_on)
            INCLUDE (debit_pence, credit_pence),
        CONSTRAINT day_totals_debit_not_negative_check CHECK (debit_pence >= 0),
        CONSTRAINT day_totals_credit_not_negative_check CHECK (credit_pence >= 0)
    """,
    "month_totals": """
        account_id bigint NOT NULL CONSTRAINT month_totals_account_id_fkey REFERENCES accounts,
        month_on date NOT NULL,
        debit_pence bigint NOT NULL,
        credit_pence bigint NOT NULL,
        CONSTRAINT month_totals_pkey PRIMARY KEY (account_id, month_on)
            INCLUDE (debit_pence, credit_pence),
        CONSTRAINT month_totals_debit_not_negative_check CHECK (debit_pence >= 0),
        CONSTRAINT month_totals_credit_not_negative_check CHECK (credit_pence >= 0)
    """,
    "totals_reach": """
        is_only boolean NOT NULL CONSTRAINT totals_reach_pkey PRIMARY KEY,
        seq bigint NOT NULL,
        CONSTRAINT totals_reach_one_row_check CHECK (is_only)
    """,
}
HELD = """
CREATE TABLE held_amounts (
    place bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT held_amounts_pkey PRIMARY KEY,
    purchase_id uuid NOT NULL,
    funder_id uuid NOT NULL,
    held_pence bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT held_amounts_portion_fkey FOREIGN KEY (purchase_id, funder_id)
        REFERENCES hold_portions (purchase_id, funder_id)
)
"""
INDICES = (
    "CREATE INDEX held_amounts_purchase_id_ix ON held_amounts (purchase_id)",
    "CREATE INDEX journals_budget_id_effective_on_ix ON journals (budget_id, effective_on)",
    "CREATE INDEX journals_recorded_at_ix ON journals (recorded_at)",
    "CREATE INDEX journals_effective_on_ix ON journals USING brin (effective_on)",
)

REMEMBER_HELD = """
CREATE FUNCTION remember_held() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
-- A portion says what is held now; this keeps what was held before.
BEGIN
    INSERT INTO held_amounts (purchase_id, funder_id, held_pence)
    VALUES (NEW.purchase_id, NEW.funder_id, NEW.held_pence);
    RETURN NULL;
END $$
"""

ADD_TOTALS = """
CREATE FUNCTION add_totals(most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Adds the next journals to the totals of their days and months, and returns how far it came.
-- A journal is in the totals exactly when its number is within their reach, whatever day it
-- counts for: one for a day long past costs as much as one for today.
DECLARE
    reached bigint;
    decided bigint;
    next_reach bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('totals'));
    SELECT coalesce(max(seq), 0) INTO reached FROM totals_reach;
    BEGIN
        decided := last_written_seq();
        RAISE EXCEPTION USING ERRCODE = 'CP002';
    EXCEPTION
        WHEN SQLSTATE 'CP002' THEN NULL;  -- so that the lock it took is let go
        WHEN lock_not_available THEN RETURN reached;  -- somebody writes for long: next time
    END;
    SELECT max(seq) INTO next_reach
    FROM (SELECT seq FROM journals WHERE seq > reached AND seq <= decided
          ORDER BY seq LIMIT most) AS next_ones;
    IF next_reach IS NULL THEN
        RETURN reached;
    END IF;
    WITH added AS (
        SELECT side.account_id, effective_on, sum(debit) AS debits, sum(credit) AS credits
        FROM journals JOIN postings USING (journal_id),
             LATERAL (VALUES (debit_account_id, amount_pence, 0),
                             (credit_account_id, 0, amount_pence))
                 AS side (account_id, debit, credit)
        WHERE seq > reached AND seq <= next_reach
        GROUP BY side.account_id, effective_on
    ), days AS (
        INSERT INTO day_totals AS kept (account_id, effective_on, debit_pence, credit_pence)
        SELECT * FROM added ORDER BY account_id, effective_on
        ON CONFLICT (account_id, effective_on) DO UPDATE
        SET debit_pence = kept.debit_pence + excluded.debit_pence,
            credit_pence = kept.credit_pence + excluded.credit_pence
    )
    INSERT INTO month_totals AS kept (account_id, month_on, debit_pence, credit_pence)
    SELECT account_id, date_trunc('month', effective_on)::date AS month_on, sum(debits),
           sum(credits)
    FROM added GROUP BY account_id, month_on ORDER BY account_id, month_on
    ON CONFLICT (account_id, month_on) DO UPDATE
    SET debit_pence = kept.debit_pence + excluded.debit_pence,
        credit_pence = kept.credit_pence + excluded.credit_pence;
    INSERT INTO totals_reach (is_only, seq) VALUES (true, next_reach)
    ON CONFLICT (is_only) DO UPDATE SET seq = excluded.seq;
    RETURN next_reach;
END $$
"""
WITHIN_REACH = """
CREATE FUNCTION totals_within_reach(
    of_budget uuid, of_funder uuid, starts_on date, ends_on date
) RETURNS TABLE (
    reach bigint, last_seq bigint, last_at timestamptz, funder_id uuid, funder_kind varchar,
    funder_name varchar, account_kind varchar, account varchar, first_account_id bigint,
    opening_pence bigint, debits_pence bigint, credits_pence bigint
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- What accounts came to, of the journals that the totals reach, and whether others are apart from
-- them: one row at least. Here, so that it is planned once and not for each question: a range from
-- one id to the same finds it in the index, and without an id the range is everything.
#variable_conflict use_column
DECLARE
    lowest uuid := '00000000-0000-0000-0000-000000000000';
    highest uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    first_on date := date_trunc('month', starts_on)::date;
    from_on date := starts_on;
    until_on date := ends_on;
BEGIN
    RETURN QUERY
    WITH scope AS MATERIALIZED (
        SELECT account_id, a.kind AS account_kind, a.name AS account, f.funder_id,
               f.kind AS funder_kind, coalesce(f.name, '') AS funder_name
        FROM accounts AS a JOIN funders AS f USING (funder_id)
        WHERE a.budget_id BETWEEN coalesce(of_budget, lowest) AND coalesce(of_budget, highest)
          AND a.funder_id BETWEEN coalesce(of_funder, lowest) AND coalesce(of_funder, highest)
    ), moves AS (
        SELECT account_id, true AS is_before, debit_pence, credit_pence
        FROM scope JOIN month_totals USING (account_id) WHERE month_on < first_on
        UNION ALL
        SELECT account_id, effective_on < from_on, debit_pence, credit_pence
        FROM scope JOIN day_totals USING (account_id)
        WHERE effective_on >= first_on AND effective_on < until_on
    ), sums AS (
        SELECT account_id,
               coalesce(sum(credit_pence - debit_pence) FILTER (WHERE is_before), 0) AS opening,
               coalesce(sum(debit_pence) FILTER (WHERE NOT is_before), 0) AS debits,
               coalesce(sum(credit_pence) FILTER (WHERE NOT is_before), 0) AS credits
        FROM moves GROUP BY account_id
    ), named AS (
        SELECT s.funder_id, s.funder_kind, s.funder_name::varchar, s.account_kind, s.account,
               min(account_id) AS first_account_id, sum(opening)::bigint AS opening_pence,
               sum(debits)::bigint AS debits_pence, sum(credits)::bigint AS credits_pence
        FROM sums JOIN scope AS s USING (account_id)
        GROUP BY s.funder_id, s.funder_kind, s.funder_name, s.account_kind, s.account
    )
    SELECT * FROM (
        SELECT (SELECT coalesce(max(seq), 0) FROM totals_reach),
               (SELECT max(seq) FROM journals),
               (SELECT max(recorded_at) FROM journals)) AS known
    LEFT JOIN named ON true;
END $$
"""

JOURNAL_LINES = """
CREATE FUNCTION journal_lines(
    of_budget uuid, of_funder uuid, starts_on date, ends_on date, known_at timestamptz,
    of_kinds text[], most bigint
) RETURNS TABLE (
    seq bigint, budget_id uuid, effective_on date, occurred_on date, kind varchar, reason varchar,
    amount_pence bigint
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- The journals of a period that moved accounts of these kinds, and by how much; planned once, too.
#variable_conflict use_column
DECLARE
    lowest uuid := '00000000-0000-0000-0000-000000000000';
    highest uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    from_on date := starts_on;
    until_on date := ends_on;
BEGIN
    RETURN QUERY
    WITH there AS MATERIALIZED (
        SELECT account_id FROM accounts
        WHERE kind = ANY(of_kinds)
          AND budget_id BETWEEN coalesce(of_budget, lowest) AND coalesce(of_budget, highest)
          AND funder_id BETWEEN coalesce(of_funder, lowest) AND coalesce(of_funder, highest))
    SELECT * FROM (
        SELECT j.seq, j.budget_id, j.effective_on, j.occurred_on, j.kind, j.reason, sum(
                   CASE WHEN credit_account_id IN (TABLE there) THEN amount_pence ELSE 0 END
                   - CASE WHEN debit_account_id IN (TABLE there) THEN amount_pence ELSE 0 END
               )::bigint AS amount_pence
        FROM journals AS j JOIN postings AS p USING (journal_id)
        WHERE j.effective_on >= from_on AND j.effective_on < until_on
          AND j.recorded_at <= known_at
          AND j.budget_id BETWEEN coalesce(of_budget, lowest) AND coalesce(of_budget, highest)
          AND p.funder_id BETWEEN coalesce(of_funder, lowest) AND coalesce(of_funder, highest)
        GROUP BY j.journal_id) AS moved
    WHERE moved.amount_pence <> 0 ORDER BY moved.effective_on, moved.seq LIMIT most;
END $$
"""
READING = (
    "totals_within_reach(uuid, uuid, date, date)",
    "journal_lines(uuid, uuid, date, date, timestamptz, text[], bigint)",
)
ON_PORTIONS = {
    "hold_portions_are_remembered": "INSERT ON hold_portions FOR EACH ROW"
    " WHEN (NEW.held_pence <> 0)",
    "hold_portions_changes_are_remembered": "UPDATE ON hold_portions FOR EACH ROW"
    " WHEN (OLD.held_pence <> NEW.held_pence)",
}


def upgrade() -> None:
    for table, columns in TOTALS.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    op.execute(HELD)
    op.execute("DROP INDEX journals_budget_id_ix")
    for index in INDICES:
        op.execute(index)
    op.execute(REMEMBER_HELD)
    for function in (ADD_TOTALS, WITHIN_REACH, JOURNAL_LINES):
        op.execute(function)
    op.execute("REVOKE ALL ON FUNCTION add_totals(bigint), remember_held() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION add_totals(bigint) TO budget")
    for function in READING:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO budget")
    # What was held before this is not known; what is held now is.
    op.execute(
        "INSERT INTO held_amounts (purchase_id, funder_id, held_pence)"
        " SELECT purchase_id, funder_id, held_pence FROM hold_portions WHERE held_pence <> 0"
    )
    for trigger, when in ON_PORTIONS.items():
        op.execute(f"CREATE TRIGGER {trigger} AFTER {when} EXECUTE FUNCTION remember_held()")
    op.execute(
        "CREATE TRIGGER held_amounts_are_final BEFORE UPDATE OR DELETE ON held_amounts"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER held_amounts_are_kept BEFORE TRUNCATE ON held_amounts"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for table in (*TOTALS, "held_amounts"):
        op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM budget")


def downgrade() -> None:
    for trigger in ON_PORTIONS:
        op.execute(f"DROP TRIGGER {trigger} ON hold_portions")
    for function in ("add_totals(bigint)", *READING):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP INDEX journals_effective_on_ix, journals_recorded_at_ix,"
               " journals_budget_id_effective_on_ix")
    op.execute("CREATE INDEX journals_budget_id_ix ON journals (budget_id)")
    op.execute("DROP TABLE held_amounts")
    op.execute("DROP FUNCTION remember_held()")
    for table in reversed(TOTALS):
        op.execute(f"DROP TABLE {table}")
