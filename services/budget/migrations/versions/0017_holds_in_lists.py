"""holds reach the books in lists, as journals do, and each of their rows is looked up once"""

from importlib import import_module

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = import_module("services.budget.migrations.versions.0010_found_by_keys")

BOOK = """
CREATE FUNCTION book(
    -- journals, one element each
    journal_ids uuid[], budget_ids uuid[], kinds text[], source_ids uuid[],
    effective_ons date[], occurred_ons date[], actors text[], reasons text[], metadata jsonb[],
    -- postings, one element each: the place of its journal above, and accounts by the names
    -- they have in the funder's book
    journal_places bigint[], lines bigint[], funder_ids uuid[], debits text[],
    credits text[], amounts_pence bigint[],
    -- holds as they are to stand, one element each
    purchase_ids uuid[], held_in_ids uuid[], item_ids uuid[], agreement_ids uuid[],
    asked_pence bigint[], expires_ats timestamptz[], versions bigint[], amounts_versions bigint[],
    unmatched_pence bigint[], expired_ats timestamptz[],
    -- portions, one element each: the place of its hold above, and what its funder has of it
    hold_places bigint[], payer_ids uuid[], parts_asked bigint[], parts_held bigint[],
    parts_posted bigint[], parts_overspent bigint[], parts_advanced bigint[]
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
    held_steps bigint[];
    is_held_elsewhere boolean;
BEGIN
    PERFORM pg_current_xact_id();  -- from now on the books are not settled: migration 0016
    IF cardinality(journal_ids) > 1000 THEN
        RAISE check_violation USING MESSAGE = 'a thousand journals at most';
    END IF;
    IF cardinality(journal_ids) + cardinality(journal_places) > 0 THEN
        -- An account is one of the journal's own budget and of the posting's own funder.
        SELECT array_agg(journal_id), array_agg(debit_id), array_agg(credit_id)
        INTO posting_journal_ids, debit_ids, credit_ids
        FROM (SELECT journal_ids[journal_place] AS journal_id, d.account_id AS debit_id,
                     c.account_id AS credit_id
              FROM unnest(journal_places, funder_ids, debits, credits) WITH ORDINALITY
                       AS wanted (journal_place, of_funder, debit, credit, place)
              JOIN accounts AS d ON (d.budget_id, d.funder_id, d.name)
                                    = (budget_ids[journal_place], of_funder, debit)
              JOIN accounts AS c ON (c.budget_id, c.funder_id, c.name)
                                    = (budget_ids[journal_place], of_funder, credit)
              ORDER BY place) AS found;
        IF coalesce(cardinality(debit_ids), 0) <> cardinality(journal_places) THEN
            RAISE check_violation USING MESSAGE
                = 'a posting is of a journal written now, and of accounts of its budget';
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
    END IF;
    IF cardinality(purchase_ids) + cardinality(hold_places) > 0 THEN
        SELECT array_agg(account_id ORDER BY place),
               bool_or(part_held <> 0 AND account_id IS NULL)
        INTO held_ids, is_held_elsewhere
        FROM unnest(hold_places, payer_ids, parts_held) WITH ORDINALITY
                 AS wanted (hold_place, of_funder, part_held, place)
        LEFT JOIN accounts AS a ON (a.budget_id, a.funder_id, a.name)
                                   = (held_in_ids[hold_place], of_funder, 'available');
        IF is_held_elsewhere THEN
            RAISE check_violation USING MESSAGE = 'only what is available can be held';
        END IF;
    END IF;

    -- Every balance that is touched, in one order over the whole batch, so that two calls
    -- can wait for one another but never in a circle; and before anything is read that they write.
    PERFORM FROM balances
    WHERE account_id = ANY(debit_ids || credit_ids || held_ids)
    ORDER BY account_id
    FOR NO KEY UPDATE;

    IF cardinality(journal_ids) > 0 THEN
        INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on, occurred_on,
                              actor, reason, metadata)
        SELECT * FROM unnest(journal_ids, budget_ids, kinds, source_ids, effective_ons,
                             occurred_ons, actors, reasons, metadata);

        INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                              amount_pence)
        SELECT * FROM unnest(posting_journal_ids, lines, funder_ids, debit_ids, credit_ids,
                             amounts_pence);
    END IF;
    IF cardinality(purchase_ids) > 0 THEN
        held_steps := keep_holds(
            purchase_ids, held_in_ids, item_ids, agreement_ids, asked_pence, expires_ats, versions,
            amounts_versions, unmatched_pence, expired_ats, hold_places, payer_ids, parts_asked,
            parts_held, parts_posted, parts_overspent, parts_advanced);
    END IF;
    UPDATE balances
    SET posted_pence = posted_pence + posted_step, held_pence = held_pence + held_step
    FROM (SELECT touched_id, sum(posted)::bigint AS posted_step, sum(held)::bigint AS held_step
          FROM (SELECT credited_id AS touched_id, amount AS posted, 0 AS held
                FROM unnest(credit_ids, amounts_pence) AS credited (credited_id, amount)
                UNION ALL
                SELECT debited_id, -amount, 0
                FROM unnest(debit_ids, amounts_pence) AS debited (debited_id, amount)
                UNION ALL
                SELECT held_id, 0, step
                FROM unnest(held_ids, held_steps) AS held (held_id, step)) AS moves
          GROUP BY touched_id) AS steps
    WHERE account_id = touched_id;
END $$
"""

KEEP_HOLDS = """
CREATE FUNCTION keep_holds(
    purchase_ids uuid[], budget_ids uuid[], item_ids uuid[], agreement_ids uuid[],
    asked_pence bigint[], expires_ats timestamptz[], versions bigint[], amounts_versions bigint[],
    unmatched_pence bigint[], expired_ats timestamptz[],
    hold_places bigint[], funder_ids uuid[], parts_asked bigint[], parts_held bigint[],
    parts_posted bigint[], parts_overspent bigint[], parts_advanced bigint[]
) RETURNS bigint[]
LANGUAGE plpgsql AS $$
-- The half of book that brings holds to where they are to stand. It returns by how much more or
-- less each portion holds than before. Its settings are those of book.
#variable_conflict use_column
DECLARE
    part_purchase_ids uuid[];
    part_agreement_ids uuid[];
    was_agreement_ids uuid[];
    was_used bigint[];
    held_steps bigint[];
    is_used_otherwise boolean;
BEGIN
    SELECT array_agg(purchase_id), array_agg(agreement_id), array_agg(was_agreement_id),
           array_agg(used), array_agg(step), bool_or(is_otherwise)
    INTO part_purchase_ids, part_agreement_ids, was_agreement_ids, was_used, held_steps,
         is_used_otherwise
    FROM (SELECT purchase_ids[hold_place] AS purchase_id,
                 agreement_ids[hold_place] AS agreement_id,
                 was.agreement_id AS was_agreement_id,
                 coalesce(p.held_pence + p.posted_pence, 0) AS used,
                 part_held - coalesce(p.held_pence, 0) AS step,
                 (was.agreement_id, p.held_pence + p.posted_pence) IS DISTINCT FROM
                     (agreement_ids[hold_place], part_held + part_posted) AS is_otherwise
          FROM unnest(hold_places, funder_ids, parts_held, parts_posted) WITH ORDINALITY
                   AS wanted (hold_place, of_funder, part_held, part_posted, place)
          LEFT JOIN hold_portions AS p
              ON (p.purchase_id, p.funder_id) = (purchase_ids[hold_place], of_funder)
          LEFT JOIN holds AS was ON was.purchase_id = p.purchase_id
          ORDER BY place) AS found;

    INSERT INTO holds (purchase_id, budget_id, item_id, agreement_id, asked_pence, held_pence,
                       posted_pence, expires_at, version, amounts_version, unmatched_pence,
                       expired_at)
    SELECT purchase_id, budget_id, item_id, agreement_id, asked_pence, held, posted, expires_at,
           version, amounts_version, unmatched_pence, expired_at
    FROM unnest(purchase_ids, budget_ids, item_ids, agreement_ids, asked_pence, expires_ats,
                versions, amounts_versions, unmatched_pence, expired_ats) WITH ORDINALITY
             AS wanted (purchase_id, budget_id, item_id, agreement_id, asked_pence, expires_at,
                        version, amounts_version, unmatched_pence, expired_at, place)
    JOIN (SELECT hold_place, sum(held)::bigint AS held, sum(posted)::bigint AS posted
          FROM unnest(hold_places, parts_held, parts_posted) AS p (hold_place, held, posted)
          GROUP BY hold_place) AS parts ON hold_place = place
    ON CONFLICT (purchase_id) DO UPDATE
    SET agreement_id = excluded.agreement_id, held_pence = excluded.held_pence,
        posted_pence = excluded.posted_pence, version = excluded.version,
        amounts_version = excluded.amounts_version, unmatched_pence = excluded.unmatched_pence,
        expired_at = excluded.expired_at;

    INSERT INTO hold_portions (purchase_id, funder_id, asked_pence, held_pence, posted_pence,
                               overspent_pence, advanced_pence)
    SELECT * FROM unnest(part_purchase_ids, funder_ids, parts_asked, parts_held, parts_posted,
                         parts_overspent, parts_advanced)
    ON CONFLICT (purchase_id, funder_id) DO UPDATE
    SET asked_pence = excluded.asked_pence, held_pence = excluded.held_pence,
        posted_pence = excluded.posted_pence, overspent_pence = excluded.overspent_pence,
        advanced_pence = excluded.advanced_pence;

    -- A portion says what is held now; this keeps what was held before.
    INSERT INTO held_amounts (purchase_id, funder_id, held_pence)
    SELECT purchase_id, funder_id, held
    FROM unnest(part_purchase_ids, funder_ids, parts_held, held_steps)
             AS kept (purchase_id, funder_id, held, step)
    WHERE step <> 0;

    IF is_used_otherwise THEN
        UPDATE agreement_shares AS s
        SET spent_pence = s.spent_pence + step
        FROM (SELECT agreement_id, funder_id, sum(used)::bigint AS step
              FROM (SELECT agreement_id, funder_id, held + posted AS used
                    FROM unnest(part_agreement_ids, funder_ids, parts_held, parts_posted)
                             AS now_used (agreement_id, funder_id, held, posted)
                    UNION ALL
                    SELECT agreement_id, funder_id, -used
                    FROM unnest(was_agreement_ids, funder_ids, was_used)
                             AS used_before (agreement_id, funder_id, used)) AS uses
              GROUP BY agreement_id, funder_id) AS steps
        WHERE (s.agreement_id, s.funder_id) = (steps.agreement_id, steps.funder_id) AND step <> 0;
    END IF;
    RETURN held_steps;
END $$
"""

JOURNALS = (
    "uuid[], uuid[], text[], uuid[], date[], date[], text[], text[], jsonb[], bigint[], bigint[],"
    " uuid[], text[], text[], bigint[]"
)
HOLDS = (
    "uuid[], uuid[], uuid[], uuid[], bigint[], timestamptz[], bigint[], bigint[], bigint[],"
    " timestamptz[], bigint[], uuid[], bigint[], bigint[], bigint[], bigint[], bigint[]"
)
SIGNATURES = {"book": f"{JOURNALS}, {HOLDS}", "keep_holds": HOLDS}
SIGNATURES_BEFORE = {
    "book": BEFORE.SIGNATURE,
    "keep_holds": "jsonb, bigint[], bigint[], bigint[]",
    "portions_to_be": "jsonb",
}


def upgrade() -> None:
    for name, arguments in SIGNATURES_BEFORE.items():
        op.execute(f"DROP FUNCTION {name}({arguments})")
    for function in (KEEP_HOLDS, BOOK):
        op.execute(function)
    for name, arguments in SIGNATURES.items():
        op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION book({SIGNATURES['book']}) TO budget")


def downgrade() -> None:
    for name, arguments in reversed(SIGNATURES.items()):
        op.execute(f"DROP FUNCTION {name}({arguments})")
    for function in (BEFORE.PORTIONS_TO_BE, BEFORE.KEEP_HOLDS, BEFORE.BOOK):
        op.execute(function)
    for name, arguments in SIGNATURES_BEFORE.items():
        op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION book({BEFORE.SIGNATURE}) TO budget")
