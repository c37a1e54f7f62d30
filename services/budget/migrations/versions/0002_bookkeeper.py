"""the bookkeeper, and history that cannot be rewritten"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOOK = """
CREATE FUNCTION book(bookings jsonb) RETURNS void
LANGUAGE plpgsql AS $$
-- Writes finished journals, one or many, and steps of what is held. It decides nothing: who
-- pays which part is settled before it is called. Constraints refuse what must not be.
BEGIN
    -- Every balance that is touched, in one order over the whole batch, so that two calls
    -- can wait for one another but never in a circle.
    PERFORM FROM balances
    WHERE account_id IN (
        SELECT (step->>'account_id')::bigint
        FROM jsonb_array_elements(bookings) AS booking,
             jsonb_array_elements(booking->'held_steps') AS step
        UNION
        SELECT unnest(ARRAY[(posting->>'debit_account_id')::bigint,
                            (posting->>'credit_account_id')::bigint])
        FROM jsonb_array_elements(bookings) AS booking,
             jsonb_array_elements(booking->'postings') AS posting)
    ORDER BY account_id
    FOR NO KEY UPDATE;

    INSERT INTO journals (journal_id, budget_id, kind, source_id, effective_on)
    SELECT (booking->>'journal_id')::uuid, (booking->>'budget_id')::uuid, booking->>'kind',
           (booking->>'source_id')::uuid, (booking->>'effective_on')::date
    FROM jsonb_array_elements(bookings) AS booking
    WHERE jsonb_array_length(booking->'postings') > 0;

    INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                          amount_pence)
    SELECT (booking->>'journal_id')::uuid, line, posting->>'funder_id',
           (posting->>'debit_account_id')::bigint, (posting->>'credit_account_id')::bigint,
           (posting->>'amount_pence')::bigint
    FROM jsonb_array_elements(bookings) AS booking,
         jsonb_array_elements(booking->'postings') WITH ORDINALITY AS posted (posting, line);

    UPDATE balances
    SET posted_pence = posted_pence + posted_step, held_pence = held_pence + held_step
    FROM (SELECT touched_id, sum(posted) AS posted_step, sum(held) AS held_step
          FROM (SELECT (step->>'account_id')::bigint AS touched_id, 0 AS posted,
                       (step->>'step_pence')::bigint AS held
                FROM jsonb_array_elements(bookings) AS booking,
                     jsonb_array_elements(booking->'held_steps') AS step
                UNION ALL
                SELECT (posting->>'credit_account_id')::bigint,
                       (posting->>'amount_pence')::bigint, 0
                FROM jsonb_array_elements(bookings) AS booking,
                     jsonb_array_elements(booking->'postings') AS posting
                UNION ALL
                SELECT (posting->>'debit_account_id')::bigint,
                       -(posting->>'amount_pence')::bigint, 0
                FROM jsonb_array_elements(bookings) AS booking,
                     jsonb_array_elements(booking->'postings') AS posting) AS moves
          GROUP BY touched_id) AS steps
    WHERE account_id = touched_id;
END $$
"""

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never changed: write a correcting journal'
        USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.execute(BOOK)
    op.execute(REFUSE)
    for table in ("journals", "postings"):
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        # The service's own role may add to history and read it: nothing else.
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")


def downgrade() -> None:
    for table in ("journals", "postings"):
        op.execute(f"GRANT UPDATE, DELETE ON {table} TO budget")
        op.execute(f"DROP TRIGGER {table}_are_kept ON {table}")
        op.execute(f"DROP TRIGGER {table}_are_final ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION book(jsonb)")
