"""booking finds every row by its key, however many there are, and remembers what was held"""

from importlib import import_module

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = import_module("services.budget.migrations.versions.0002_books")
HELD = import_module("services.budget.migrations.versions.0009_day_totals")
PORTIONS_TO_BE = """
CREATE FUNCTION portions_to_be(holds_to_be jsonb) RETURNS TABLE (
    purchase_id uuid, budget_id uuid, item_id uuid, agreement_id uuid, asked_pence bigint,
    expires_at timestamptz, version bigint, amounts_version bigint, unmatched_pence bigint,
    expired_at timestamptz, funder_id uuid, part_asked bigint, part_held bigint,
    part_posted bigint, overspent_pence bigint, advanced_pence bigint
)
LANGUAGE plpgsql IMMUTABLE ROWS 4 SET search_path = pg_catalog, public, pg_temp AS $$
-- Each portion of each hold, with what its hold is to be. That it says how few they are is what it
-- is for: of a jsonb_to_recordset the planner expects thousands, and reads whole tables for them.
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT h.purchase_id, h.budget_id, h.item_id, h.agreement_id, h.asked_pence, h.expires_at,
           h.version, h.amounts_version, h.unmatched_pence, h.expired_at, p.funder_id,
           p.asked_pence, p.held_pence, p.posted_pence, p.overspent_pence, p.advanced_pence
    FROM jsonb_to_recordset(holds_to_be) AS h (
             purchase_id uuid, budget_id uuid, item_id uuid, agreement_id uuid,
             asked_pence bigint, expires_at timestamptz, version bigint,
             amounts_version bigint, unmatched_pence bigint, expired_at timestamptz,
             portions jsonb),
         jsonb_to_recordset(h.portions) AS p (
             funder_id uuid, asked_pence bigint, held_pence bigint, posted_pence bigint,
             overspent_pence bigint, advanced_pence bigint);
END $$
"""

BOOK = """
CREATE FUNCTION book(
    -- journals, one element each
    journal_ids uuid[], budget_ids uuid[], kinds text[], source_ids uuid[],
    effective_ons date[], occurred_ons date[], actors text[], reasons text[], metadata jsonb[],
    -- postings, one element each: the place of its journal above, and accounts by the names
    -- they have in the funder's book
    journal_places bigint[], lines bigint[], funder_ids uuid[], debits text[],
    credits text[], amounts_pence bigint[],
    -- holds as they are to stand, each with its portions
    holds_to_be jsonb
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
-- Writes finished journals, one or many, and holds. It decides nothing: who pays which part is
-- settled before it is called. What accounts hold, and what agreements have spent, follows from
-- the portions of the holds. Constraints refuse what must not be.
#variable_conflict use_column
DECLARE
    posting_journal_ids uuid[];
    debit_ids bigint[];
    credit_ids bigint[];
    held_ids bigint[];
    is_held_elsewhere boolean;
BEGIN
    PERFORM pg_current_xact_id();  -- from now on the books are not settled: migration 0016
    IF cardinality(journal_ids) > 1000 THEN
        RAISE check_violation USING MESSAGE = 'a thousand journals at most';
    END IF;
    -- An account is one of the journal's own budget and of the posting's own funder.
    SELECT array_agg(journal_id), array_agg(debit_id), array_agg(credit_id)
    INTO posting_journal_ids, debit_ids, credit_ids
    FROM (SELECT journal_ids[journal_place] AS journal_id, d.account_id AS debit_id,
                 c.account_id AS credit_id
          FROM unnest(journal_places, funder_ids, debits, credits) WITH ORDINALITY
                   AS wanted (journal_place, of_funder, debit, credit, place)
          JOIN accounts AS d
              ON (d.budget_id, d.funder_id, d.name) = (budget_ids[journal_place], of_funder, debit)
          JOIN accounts AS c
              ON (c.budget_id, c.funder_id, c.name) = (budget_ids[journal_place], of_funder, credit)
          ORDER BY place) AS found;
    IF coalesce(cardinality(debit_ids), 0) <> cardinality(journal_places) THEN
        RAISE check_violation
            USING MESSAGE = 'a posting is of a journal written now, and of accounts of its budget';
    END IF;

    -- Whoever closes a period of a pool waits until we have committed, or we until they have.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('periods of ' || pool_id, 0))
    FROM (SELECT DISTINCT pool_id FROM budgets
          WHERE budget_id = ANY(budget_ids) AND pool_id IS NOT NULL ORDER BY pool_id) AS pools;
    IF EXISTS (
        SELECT FROM unnest(budget_ids, effective_ons, metadata)
                 AS written (of_budget, effective_on, metadata)
        JOIN budgets AS b ON b.budget_id = of_budget
        JOIN periods AS p ON p.pool_id = b.pool_id AND effective_on < p.ends_on
        WHERE p.state = 'closed'  -- and with it every day before it
           OR p.state = 'closing' AND p.starts_on <= effective_on
              AND NOT written.metadata ? 'late_because'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'CP001', MESSAGE = 'the books are closed for that day';
    END IF;

    -- Every balance that is touched, in one order over the whole batch, so that two calls
    -- can wait for one another but never in a circle.
    IF jsonb_array_length(holds_to_be) > 0 THEN
        SELECT array_agg(account_id), bool_or(part_held <> 0 AND account_id IS NULL)
        INTO held_ids, is_held_elsewhere
        FROM portions_to_be(holds_to_be) AS p LEFT JOIN accounts AS a
            ON (a.budget_id, a.funder_id, a.name) = (p.budget_id, p.funder_id, 'available');
        IF is_held_elsewhere THEN
            RAISE check_violation USING MESSAGE = 'only what is available can be held';
        END IF;
    END IF;
    PERFORM FROM balances
    WHERE account_id = ANY(debit_ids || credit_ids || held_ids)
    ORDER BY account_id
    FOR NO KEY UPDATE;

    INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on, occurred_on,
                          actor, reason, metadata)
    SELECT * FROM unnest(journal_ids, budget_ids, kinds, source_ids, effective_ons, occurred_ons,
                         actors, reasons, metadata);

    INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                          amount_pence)
    SELECT * FROM unnest(posting_journal_ids, lines, funder_ids, debit_ids, credit_ids,
                         amounts_pence);

    IF jsonb_array_length(holds_to_be) = 0 THEN
        UPDATE balances
        SET posted_pence = posted_pence + step
        FROM (SELECT touched_id, sum(amount) AS step
              FROM (SELECT * FROM unnest(credit_ids, amounts_pence) AS credited (touched_id, amount)
                    UNION ALL
                    SELECT debited_id, -amount
                    FROM unnest(debit_ids, amounts_pence) AS debited (debited_id, amount)) AS moves
              GROUP BY touched_id) AS steps
        WHERE account_id = touched_id;
    ELSE
        PERFORM keep_holds(holds_to_be, debit_ids, credit_ids, amounts_pence);
    END IF;
END $$
"""

KEEP_HOLDS = """
CREATE OR REPLACE FUNCTION keep_holds(
    holds_to_be jsonb, debit_ids bigint[], credit_ids bigint[], amounts_pence bigint[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- The half of book that brings holds to where they are to stand, and with them what is posted.
#variable_conflict use_column
BEGIN
    -- What stood before is read by the same statement, so before anything of it is written.
    WITH wanted AS (
        SELECT * FROM portions_to_be(holds_to_be)
    ), was AS (
        SELECT h.agreement_id AS was_agreement_id, p.purchase_id, p.funder_id, p.held_pence,
               p.held_pence + p.posted_pence AS used_pence
        FROM hold_portions AS p JOIN holds AS h USING (purchase_id)
        WHERE p.purchase_id IN (SELECT purchase_id FROM wanted)
    ), kept AS (
        INSERT INTO holds (purchase_id, budget_id, item_id, agreement_id, asked_pence, held_pence,
                           posted_pence, expires_at, version, amounts_version, unmatched_pence,
                           expired_at)
        SELECT purchase_id, budget_id, item_id, agreement_id, asked_pence, sum(part_held),
               sum(part_posted), expires_at, version, amounts_version, unmatched_pence, expired_at
        FROM wanted
        GROUP BY purchase_id, budget_id, item_id, agreement_id, asked_pence, expires_at, version,
                 amounts_version, unmatched_pence, expired_at
        ON CONFLICT (purchase_id) DO UPDATE
        SET agreement_id = excluded.agreement_id, held_pence = excluded.held_pence,
            posted_pence = excluded.posted_pence, version = excluded.version,
            amounts_version = excluded.amounts_version,
            unmatched_pence = excluded.unmatched_pence, expired_at = excluded.expired_at
    ), kept_portions AS (
        INSERT INTO hold_portions (purchase_id, funder_id, asked_pence, held_pence, posted_pence,
                                   overspent_pence, advanced_pence)
        SELECT purchase_id, funder_id, part_asked, part_held, part_posted, overspent_pence,
               advanced_pence
        FROM wanted
        ON CONFLICT (purchase_id, funder_id) DO UPDATE
        SET asked_pence = excluded.asked_pence, held_pence = excluded.held_pence,
            posted_pence = excluded.posted_pence, overspent_pence = excluded.overspent_pence,
            advanced_pence = excluded.advanced_pence
    ), remembered AS (
        -- A portion says what is held now; this keeps what was held before.
        INSERT INTO held_amounts (purchase_id, funder_id, held_pence)
        SELECT purchase_id, funder_id, part_held
        FROM wanted LEFT JOIN was USING (purchase_id, funder_id)
        WHERE part_held <> coalesce(was.held_pence, 0)
    ), used AS (
        UPDATE agreement_shares AS s
        SET spent_pence = s.spent_pence + step
        FROM (SELECT agreement_id, funder_id, sum(used) AS step
              FROM (SELECT agreement_id, funder_id, part_held + part_posted AS used FROM wanted
                    UNION ALL
                    SELECT was_agreement_id, funder_id, -used_pence FROM was) AS uses
              GROUP BY agreement_id, funder_id) AS steps
        WHERE (s.agreement_id, s.funder_id) = (steps.agreement_id, steps.funder_id) AND step <> 0
    )
    UPDATE balances
    SET posted_pence = balances.posted_pence + posted_step,
        held_pence = balances.held_pence + held_step
    FROM (SELECT touched_id, sum(posted) AS posted_step, sum(held) AS held_step
          FROM (SELECT touched_id, amount AS posted, 0 AS held
                FROM unnest(credit_ids, amounts_pence) AS credited (touched_id, amount)
                UNION ALL
                SELECT debited_id, -amount, 0
                FROM unnest(debit_ids, amounts_pence) AS debited (debited_id, amount)
                UNION ALL
                SELECT account_id, 0, part_held - coalesce(was.held_pence, 0)
                FROM wanted LEFT JOIN was USING (purchase_id, funder_id)
                JOIN accounts AS a
                    ON (a.budget_id, a.funder_id, a.name)
                       = (wanted.budget_id, wanted.funder_id, 'available')) AS moves
          GROUP BY touched_id) AS steps
    WHERE account_id = touched_id AND (posted_step, held_step) <> (0, 0);
END $$
"""

SIGNATURE = (
    "uuid[], uuid[], text[], uuid[], date[], date[], text[], text[], jsonb[], bigint[], bigint[],"
    " uuid[], text[], text[], bigint[], jsonb"
)


def upgrade() -> None:
    op.execute(f"DROP FUNCTION book({BEFORE.SIGNATURES['book']})")
    for trigger in HELD.ON_PORTIONS:
        op.execute(f"DROP TRIGGER {trigger} ON hold_portions")
    op.execute("DROP FUNCTION remember_held()")
    # keep_holds alone writes both, and portions are never deleted: nothing is left to look for.
    op.execute("ALTER TABLE held_amounts DROP CONSTRAINT held_amounts_portion_fkey")
    for function in (PORTIONS_TO_BE, KEEP_HOLDS, BOOK):
        op.execute(function)
    op.execute("REVOKE ALL ON FUNCTION portions_to_be(jsonb) FROM PUBLIC")
    op.execute(f"REVOKE ALL ON FUNCTION book({SIGNATURE}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION book({SIGNATURE}) TO budget")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION book({SIGNATURE})")
    op.execute(BEFORE.KEEP_HOLDS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute(BEFORE.BOOK)
    op.execute(f"REVOKE ALL ON FUNCTION book({BEFORE.SIGNATURES['book']}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION book({BEFORE.SIGNATURES['book']}) TO budget")
    op.execute("DROP FUNCTION portions_to_be(jsonb)")
    op.execute(
        "ALTER TABLE held_amounts ADD CONSTRAINT held_amounts_portion_fkey"
        " FOREIGN KEY (purchase_id, funder_id) REFERENCES hold_portions (purchase_id, funder_id)"
    )
    op.execute(HELD.REMEMBER_HELD)
    op.execute("REVOKE ALL ON FUNCTION remember_held() FROM PUBLIC")
    for trigger, when in HELD.ON_PORTIONS.items():
        op.execute(f"CREATE TRIGGER {trigger} AFTER {when} EXECUTE FUNCTION remember_held()")
