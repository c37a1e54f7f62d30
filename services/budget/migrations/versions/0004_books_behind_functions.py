"""journals say who, why and when, and the books are written by functions alone"""

from importlib import import_module

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE journals
    ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT journals_seq_key UNIQUE,
    ADD COLUMN occurred_on date,
    ADD COLUMN actor varchar NOT NULL DEFAULT 'unknown',
    ADD COLUMN reason varchar NOT NULL DEFAULT 'Written before reasons were kept.',
    ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
ALTER TABLE journals DISABLE TRIGGER journals_are_final;
UPDATE journals SET occurred_on = effective_on;
ALTER TABLE journals ENABLE TRIGGER journals_are_final;
ALTER TABLE journals
    ALTER COLUMN occurred_on SET NOT NULL,
    ALTER COLUMN actor DROP DEFAULT,
    ALTER COLUMN reason DROP DEFAULT,
    ALTER COLUMN metadata DROP DEFAULT,
    ADD CONSTRAINT journals_metadata_object_check CHECK (jsonb_typeof(metadata) = 'object'),
    ADD CONSTRAINT journals_effective_on_sane_check
        CHECK (effective_on BETWEEN '1900-01-01' AND '9998-12-31'),
    ADD CONSTRAINT journals_occurred_on_sane_check
        CHECK (occurred_on BETWEEN '1900-01-01' AND '9998-12-31'),
    ADD CONSTRAINT journals_actor_told_check CHECK (actor <> ''),
    ADD CONSTRAINT journals_reason_told_check CHECK (reason <> '');
ALTER TABLE accounts ADD CONSTRAINT accounts_of_its_book_check
    CHECK ((funder_id = 'person') = (kind IN ('own_money', 'contributed')));
"""

BOOK = """
CREATE FUNCTION book(
    -- journals, one element each
    journal_ids uuid[], budget_ids uuid[], kinds text[], source_ids uuid[],
    effective_ons date[], occurred_ons date[], actors text[], reasons text[], metadata jsonb[],
    -- postings, one element each
    posting_journal_ids uuid[], lines bigint[], funder_ids text[], debit_account_ids bigint[],
    credit_account_ids bigint[], amounts_pence bigint[],
    -- steps of what is held, one element each
    held_account_ids bigint[], held_steps_pence bigint[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
-- Writes finished journals, one or many, and steps of what is held. It decides nothing: who
-- pays which part is settled before it is called. Constraints refuse what must not be.
BEGIN
    -- What no constraint of a table can say.
    IF cardinality(journal_ids) > 1000 THEN
        RAISE check_violation USING MESSAGE = 'a thousand journals at most';
    END IF;
    IF EXISTS (SELECT unnest(posting_journal_ids) EXCEPT SELECT unnest(journal_ids)) THEN
        RAISE check_violation USING MESSAGE = 'a posting belongs to a journal that is written now';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(posting_journal_ids, debit_account_ids, credit_account_ids)
                        AS posted (posted_id, debit_id, credit_id)
        JOIN unnest(journal_ids, budget_ids) AS written (written_id, of_budget)
            ON written_id = posted_id
        JOIN accounts AS d ON d.account_id = debit_id
        JOIN accounts AS c ON c.account_id = credit_id
        WHERE (d.budget_id, c.budget_id) IS DISTINCT FROM (of_budget, of_budget)
    ) THEN
        RAISE check_violation USING MESSAGE = 'a posting stays within the budget of its journal';
    END IF;
    IF EXISTS (SELECT unnest(held_account_ids) EXCEPT SELECT account_id FROM balances
               WHERE account_id = ANY(held_account_ids)) THEN
        RAISE check_violation USING MESSAGE = 'only what is available can be held';
    END IF;

    -- Every balance that is touched, in one order over the whole batch, so that two calls
    -- can wait for one another but never in a circle.
    PERFORM FROM balances
    WHERE account_id = ANY(held_account_ids || debit_account_ids || credit_account_ids)
    ORDER BY account_id
    FOR NO KEY UPDATE;

    INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on, occurred_on,
                          actor, reason, metadata)
    SELECT * FROM unnest(journal_ids, budget_ids, kinds, source_ids, effective_ons, occurred_ons,
                         actors, reasons, metadata);

    INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                          amount_pence)
    SELECT * FROM unnest(posting_journal_ids, lines, funder_ids, debit_account_ids,
                         credit_account_ids, amounts_pence);

    UPDATE balances
    SET posted_pence = posted_pence + posted_step, held_pence = held_pence + held_step
    FROM (SELECT touched_id, sum(posted) AS posted_step, sum(held) AS held_step
          FROM (SELECT held_id AS touched_id, 0 AS posted, step AS held
                FROM unnest(held_account_ids, held_steps_pence) AS steps (held_id, step)
                UNION ALL
                SELECT credit_id, amount, 0
                FROM unnest(credit_account_ids, amounts_pence) AS credits (credit_id, amount)
                UNION ALL
                SELECT debit_id, -amount, 0
                FROM unnest(debit_account_ids, amounts_pence) AS debits (debit_id, amount)
               ) AS moves
          GROUP BY touched_id) AS steps
    WHERE account_id = touched_id;
END $$
"""

OPEN_BOOKS = """
CREATE FUNCTION open_books(of_budget uuid, funder_ids text[], kinds text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Opens accounts, one for each element, and keeps the balance of those that may not be overdrawn.
WITH opened AS (
    INSERT INTO accounts (budget_id, funder_id, kind)
    SELECT of_budget, funder_id, kind FROM unnest(funder_ids, kinds) AS wanted (funder_id, kind)
    RETURNING account_id, kind)
INSERT INTO balances (account_id, posted_pence, held_pence)
SELECT account_id, 0, 0 FROM opened WHERE kind = 'available'
$$
"""

LOCK_AVAILABLE = """
CREATE FUNCTION lock_available(of_budget uuid)
RETURNS TABLE (funder_id varchar, posted_pence bigint, held_pence bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Locks what is available in a budget until the transaction ends, in the order that book has too.
SELECT a.funder_id, b.posted_pence, b.held_pence
FROM accounts AS a JOIN balances AS b USING (account_id)
WHERE a.budget_id = of_budget
ORDER BY account_id
FOR NO KEY UPDATE OF b
$$
"""

FUNCTIONS = {
    "book": "uuid[], uuid[], text[], uuid[], date[], date[], text[], text[], jsonb[], uuid[],"
    " bigint[], text[], bigint[], bigint[], bigint[], bigint[], bigint[]",
    "open_books": "uuid, text[], text[]",
    "lock_available": "uuid",
}
BOOKS = ("accounts", "balances", "journals", "postings")


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute("DROP FUNCTION book(jsonb)")
    for function in (BOOK, OPEN_BOOKS, LOCK_AVAILABLE):
        op.execute(function)
    for name, arguments in FUNCTIONS.items():
        op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO budget")
    for table in BOOKS:
        # The service reads its books; only these functions, which belong to the owner, write.
        op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute(
        "CREATE TRIGGER accounts_are_final BEFORE UPDATE OR DELETE ON accounts"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER accounts_are_final ON accounts")
    op.execute("ALTER TABLE accounts DROP CONSTRAINT accounts_of_its_book_check")
    for table in BOOKS:
        op.execute(f"GRANT INSERT ON {table} TO budget")
    for table in ("accounts", "balances"):
        op.execute(f"GRANT UPDATE, DELETE ON {table} TO budget")
    for name, arguments in FUNCTIONS.items():
        op.execute(f"DROP FUNCTION {name}({arguments})")
    op.execute(import_module("services.budget.migrations.versions.0002_bookkeeper").BOOK)
    op.execute(
        "ALTER TABLE journals DROP COLUMN seq, DROP COLUMN occurred_on, DROP COLUMN actor,"
        " DROP COLUMN reason, DROP COLUMN metadata"
    )
