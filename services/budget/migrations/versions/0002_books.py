"""the books: accounts, journals, holds, and the functions that alone may write them"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "accounts": """
        account_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT accounts_pkey PRIMARY KEY,
        budget_id uuid NOT NULL,
        funder_id uuid NOT NULL,
        funder_kind varchar(32) NOT NULL,
        kind varchar(32) NOT NULL,
        name varchar NOT NULL,
        CONSTRAINT accounts_funder_fkey
            FOREIGN KEY (funder_id, funder_kind) REFERENCES funders (funder_id, kind),
        CONSTRAINT accounts_account_id_funder_id_key UNIQUE (account_id, funder_id),
        CONSTRAINT accounts_one_of_a_name_key UNIQUE (budget_id, funder_id, name),
        CONSTRAINT accounts_only_council_charges_check
            CHECK (kind NOT IN ('charged', 'charge_due') OR funder_kind = 'council'),
        CONSTRAINT accounts_of_its_book_check
            CHECK ((funder_kind = 'person') = (kind IN ('own_money', 'contributed')))
    """,
    "balances": """
        account_id bigint NOT NULL CONSTRAINT balances_pkey PRIMARY KEY
            CONSTRAINT balances_account_id_fkey REFERENCES accounts,
        posted_pence bigint NOT NULL,
        held_pence bigint NOT NULL,
        CONSTRAINT balances_never_overdrawn_check CHECK (posted_pence - held_pence >= 0),
        CONSTRAINT balances_held_not_negative_check CHECK (held_pence >= 0)
    """,
    "journals": """
        journal_id uuid NOT NULL CONSTRAINT journals_pkey PRIMARY KEY,
        budget_id uuid NOT NULL,
        kind varchar(32) NOT NULL,
        source_id uuid NOT NULL,
        effective_on date NOT NULL,
        occurred_on date NOT NULL,
        actor varchar NOT NULL,
        reason varchar NOT NULL,
        metadata jsonb NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT journals_seq_key UNIQUE,
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT journals_metadata_object_check CHECK (jsonb_typeof(metadata) = 'object'),
        CONSTRAINT journals_effective_on_sane_check
            CHECK (effective_on BETWEEN '1900-01-01' AND '9998-12-31'),
        CONSTRAINT journals_occurred_on_sane_check
            CHECK (occurred_on BETWEEN '1900-01-01' AND '9998-12-31'),
        CONSTRAINT journals_actor_told_check CHECK (actor <> ''),
        CONSTRAINT journals_reason_told_check CHECK (reason <> '')
    """,
    "postings": """
        journal_id uuid NOT NULL CONSTRAINT postings_journal_id_fkey REFERENCES journals,
        line bigint NOT NULL,
        funder_id uuid NOT NULL,
        debit_account_id bigint NOT NULL,
        credit_account_id bigint NOT NULL,
        amount_pence bigint NOT NULL,
        CONSTRAINT postings_pkey PRIMARY KEY (journal_id, line),
        CONSTRAINT postings_debit_account_fkey
            FOREIGN KEY (debit_account_id, funder_id) REFERENCES accounts (account_id, funder_id),
        CONSTRAINT postings_credit_account_fkey
            FOREIGN KEY (credit_account_id, funder_id) REFERENCES accounts (account_id, funder_id),
        CONSTRAINT postings_amount_positive_check CHECK (amount_pence > 0),
        CONSTRAINT postings_two_accounts_check CHECK (debit_account_id <> credit_account_id)
    """,
    "holds": """
        purchase_id uuid NOT NULL CONSTRAINT holds_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT holds_budget_id_fkey REFERENCES budgets,
        item_id uuid NOT NULL CONSTRAINT holds_item_id_fkey REFERENCES budget_items,
        agreement_id uuid NOT NULL CONSTRAINT holds_agreement_id_fkey REFERENCES agreements,
        asked_pence bigint NOT NULL,
        held_pence bigint NOT NULL,
        posted_pence bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        version bigint NOT NULL,
        amounts_version bigint NOT NULL,
        unmatched_pence bigint NOT NULL,
        expired_at timestamptz,
        CONSTRAINT holds_unmatched_not_negative_check CHECK (unmatched_pence >= 0),
        CONSTRAINT holds_expired_holds_nothing_check CHECK (expired_at IS NULL OR held_pence = 0),
        CONSTRAINT holds_asked_positive_check CHECK (asked_pence > 0),
        CONSTRAINT holds_held_not_negative_check CHECK (held_pence >= 0),
        CONSTRAINT holds_posted_not_negative_check CHECK (posted_pence >= 0)
    """,
    "hold_portions": """
        purchase_id uuid NOT NULL CONSTRAINT hold_portions_purchase_id_fkey REFERENCES holds,
        funder_id uuid NOT NULL CONSTRAINT hold_portions_funder_id_fkey REFERENCES funders,
        asked_pence bigint NOT NULL,
        held_pence bigint NOT NULL,
        posted_pence bigint NOT NULL,
        overspent_pence bigint NOT NULL,
        advanced_pence bigint NOT NULL,
        CONSTRAINT hold_portions_pkey PRIMARY KEY (purchase_id, funder_id),
        CONSTRAINT hold_portions_asked_not_negative_check CHECK (asked_pence >= 0),
        CONSTRAINT hold_portions_held_not_negative_check CHECK (held_pence >= 0),
        CONSTRAINT hold_portions_posted_not_negative_check CHECK (posted_pence >= 0),
        CONSTRAINT hold_portions_overspent_not_negative_check CHECK (overspent_pence >= 0)
    """,
}
INDICES = (
    "CREATE INDEX journals_budget_id_ix ON journals (budget_id)",
    "CREATE INDEX postings_debit_account_id_ix ON postings (debit_account_id)",
    "CREATE INDEX postings_credit_account_id_ix ON postings (credit_account_id)",
    "CREATE INDEX holds_budget_id_ix ON holds (budget_id)",
    "CREATE INDEX holds_agreement_id_ix ON holds (agreement_id)",
    "CREATE INDEX holds_expires_at_ix ON holds (expires_at) WHERE held_pence > 0",
)

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never changed: write a correcting journal'
        USING ERRCODE = 'restrict_violation';
END $$
"""

BOOK = """
CREATE FUNCTION book(
    -- journals, one element each
    journal_ids uuid[], budget_ids uuid[], kinds text[], source_ids uuid[],
    effective_ons date[], occurred_ons date[], actors text[], reasons text[], metadata jsonb[],
    -- postings, one element each; accounts by the names they have in the funder's book
    posting_journal_ids uuid[], lines bigint[], funder_ids uuid[], debits text[],
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
    debit_ids bigint[];
    credit_ids bigint[];
BEGIN
    IF cardinality(journal_ids) > 1000 THEN
        RAISE check_violation USING MESSAGE = 'a thousand journals at most';
    END IF;
    -- An account is one of the journal's own budget and of the posting's own funder.
    SELECT array_agg(d.account_id ORDER BY place), array_agg(c.account_id ORDER BY place)
    INTO debit_ids, credit_ids
    FROM unnest(posting_journal_ids, funder_ids, debits, credits) WITH ORDINALITY
             AS wanted (wanted_id, of_funder, debit, credit, place)
    JOIN unnest(journal_ids, budget_ids) AS written (written_id, of_budget)
        ON written_id = wanted_id
    JOIN accounts AS d
        ON (d.budget_id, d.funder_id, d.name) = (of_budget, of_funder, debit)
    JOIN accounts AS c
        ON (c.budget_id, c.funder_id, c.name) = (of_budget, of_funder, credit);
    IF coalesce(cardinality(debit_ids), 0) <> cardinality(posting_journal_ids) THEN
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
    PERFORM FROM balances
    WHERE account_id = ANY(debit_ids || credit_ids)
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
CREATE FUNCTION keep_holds(
    holds_to_be jsonb, debit_ids bigint[], credit_ids bigint[], amounts_pence bigint[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- The half of book that brings holds to where they are to stand, and with them what is posted.
#variable_conflict use_column
BEGIN
    PERFORM FROM balances
    WHERE account_id IN (
        SELECT account_id FROM accounts
        WHERE (budget_id, name) IN (SELECT (hold->>'budget_id')::uuid, 'available'
                                    FROM jsonb_array_elements(holds_to_be) AS hold))
    ORDER BY account_id
    FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(holds_to_be) AS h (budget_id uuid, portions jsonb),
             jsonb_to_recordset(h.portions) AS p (funder_id uuid, held_pence bigint)
        WHERE p.held_pence <> 0 AND NOT EXISTS (
            SELECT FROM accounts AS a
            WHERE (a.budget_id, a.funder_id, a.name) = (h.budget_id, p.funder_id, 'available'))
    ) THEN
        RAISE check_violation USING MESSAGE = 'only what is available can be held';
    END IF;

    -- What stood before is read by the same statement, so before anything of it is written.
    WITH wanted AS (
        SELECT h.*, p.funder_id, p.asked_pence AS part_asked, p.held_pence AS part_held,
               p.posted_pence AS part_posted, p.overspent_pence, p.advanced_pence
        FROM jsonb_to_recordset(holds_to_be) AS h (
                 purchase_id uuid, budget_id uuid, item_id uuid, agreement_id uuid,
                 asked_pence bigint, expires_at timestamptz, version bigint,
                 amounts_version bigint, unmatched_pence bigint, expired_at timestamptz,
                 portions jsonb),
             jsonb_to_recordset(h.portions) AS p (
                 funder_id uuid, asked_pence bigint, held_pence bigint, posted_pence bigint,
                 overspent_pence bigint, advanced_pence bigint)
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

OPEN_BOOKS = """
CREATE FUNCTION open_books(of_budget uuid, funder_ids uuid[], kinds text[], names text[])
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
SELECT account_id, 0, 0 FROM opened WHERE kind = 'available'
$$
"""

FUNDINGS_OF = """
CREATE FUNCTION fundings_of(of_agreement uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
-- What each funder agreed to pay, and what of it is used: in pence where there is something to
-- pay for, or else by the shares themselves.
SELECT coalesce(jsonb_agg(jsonb_build_object(
           'funder_id', funder_id, 'spent_pence', spent_pence, 'priority', priority,
           'cap_pence', cap_pence,
           'weight', CASE WHEN total > 0 THEN agreed_pence ELSE numerator END)
       ORDER BY funder_id), '[]')
FROM (SELECT *, sum(agreed_pence) OVER () AS total
      FROM agreement_shares WHERE agreement_id = of_agreement) AS shares
$$
"""

PURCHASE_AS_IT_STANDS = """
CREATE FUNCTION purchase_as_it_stands(of_purchase uuid, of_budget uuid, of_item uuid, on_day date)
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
            WHERE a.budget_id = budget.budget_id));
END $$
"""

SIGNATURES = {
    "book": "uuid[], uuid[], text[], uuid[], date[], date[], text[], text[], jsonb[], uuid[],"
    " bigint[], uuid[], text[], text[], bigint[], jsonb",
    "keep_holds": "jsonb, bigint[], bigint[], bigint[]",
    "open_books": "uuid, uuid[], text[], text[]",
    "fundings_of": "uuid",
    "purchase_as_it_stands": "uuid, uuid, uuid, date",
}
OURS_ALONE = ("keep_holds",)  # for the owner's other functions
HISTORY = ("journals", "postings", "budget_endings")


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    # Half of a page stays free: a balance changes often, and then in its own page.
    op.execute("ALTER TABLE balances SET (fillfactor = 50)")
    for index in INDICES:
        op.execute(index)
    for function in (REFUSE, KEEP_HOLDS, BOOK, OPEN_BOOKS, FUNDINGS_OF, PURCHASE_AS_IT_STANDS):
        op.execute(function)
    for name, arguments in SIGNATURES.items():
        op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
        if name not in OURS_ALONE:
            op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO budget")
    for table in TABLES:
        # The service reads its books; only these functions, which belong to the owner, write.
        op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON budget_endings FROM budget")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON agreement_shares FROM budget")
    op.execute("GRANT UPDATE (agreed_pence) ON agreement_shares TO budget")  # not what is spent
    for table in ("accounts", *HISTORY):
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.execute("REVOKE UPDATE ON agreement_shares FROM budget")
    op.execute("GRANT UPDATE, DELETE ON agreement_shares TO budget")
    for name, arguments in reversed(SIGNATURES.items()):
        op.execute(f"DROP FUNCTION {name}({arguments})")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP TRIGGER budget_endings_are_final ON budget_endings")
    op.execute("DROP TRIGGER budget_endings_are_kept ON budget_endings")
    op.execute("DROP FUNCTION refuse_change()")
