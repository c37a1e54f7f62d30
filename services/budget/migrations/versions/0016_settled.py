"""how far the books are settled, without waiting and without letting anybody wait"""

from importlib import import_module

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SEALS = import_module("services.budget.migrations.versions.0004_seals")
TOTALS = import_module("services.budget.migrations.versions.0009_day_totals")

SETTLED = """
CREATE FUNCTION settled(OUT settled_at timestamptz, OUT settled_seq bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
-- Before which instant, and up to which number, it is decided what is in the books: committed, or
-- never to be. A journal gets its number and its time after its transaction has got an id, for that
-- is the first thing that book does. So nothing that is still open is older than the oldest open
-- transaction that has an id, and a number given later than another was given at a later time.
-- Only the service's role writes journals, and it sees its own transactions in pg_stat_activity.
BEGIN
    IF current_setting('track_activities') <> 'on' THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = 'track_activities must be on';
    END IF;
    PERFORM pg_stat_clear_snapshot();
    settled_at := clock_timestamp();
    settled_at := least(settled_at, (
        SELECT min(xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xid IS NOT NULL
          AND pid <> pg_backend_pid()));
    settled_seq := coalesce((SELECT seq FROM journals WHERE recorded_at < settled_at
                             ORDER BY seq DESC LIMIT 1), 0);
END $$
"""

ADD_TOTALS = """
CREATE FUNCTION add_totals(most bigint, settled_seq bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Adds the next journals to the totals of their days and months, and returns how far it came.
-- A journal is in the totals exactly when its number is within their reach, whatever day it
-- counts for: one for a day long past costs as much as one for today.
DECLARE
    reached bigint;
    next_reach bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('totals'));
    SELECT coalesce(max(seq), 0) INTO reached FROM totals_reach;
    SELECT max(seq) INTO next_reach
    FROM (SELECT seq FROM journals WHERE seq > reached AND seq <= settled_seq
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


def upgrade() -> None:
    op.execute(SETTLED)
    op.execute("REVOKE ALL ON FUNCTION settled() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION settled() TO budget")
    op.execute("DROP FUNCTION add_totals(bigint)")
    op.execute(ADD_TOTALS)
    op.execute("REVOKE ALL ON FUNCTION add_totals(bigint, bigint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION add_totals(bigint, bigint) TO budget")
    op.execute("DROP FUNCTION last_written_seq()")


def downgrade() -> None:
    op.execute(SEALS.LAST_WRITTEN_SEQ)
    op.execute("REVOKE ALL ON FUNCTION last_written_seq() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION last_written_seq() TO budget")
    op.execute("DROP FUNCTION add_totals(bigint, bigint)")
    op.execute(TOTALS.ADD_TOTALS)
    op.execute("REVOKE ALL ON FUNCTION add_totals(bigint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION add_totals(bigint) TO budget")
    op.execute("DROP FUNCTION settled()")
