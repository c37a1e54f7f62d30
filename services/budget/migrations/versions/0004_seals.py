"""seals over the journals"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LAST_WRITTEN_SEQ = """
CREATE FUNCTION last_written_seq() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Waits until nobody is writing a journal: then all numbers up to here are decided. Whoever wants
-- to write meanwhile waits too, so it gives up soon and is asked again.
BEGIN
    PERFORM set_config('lock_timeout', '2000', true);  -- longer than autovacuum takes to yield
    LOCK TABLE journals IN SHARE MODE;
    RETURN (SELECT coalesce(max(seq), 0) FROM journals);
END $$
"""

ADD_SEAL = """
CREATE FUNCTION add_seal(new_id uuid, seqs bigint[], digests bytea[], pence bigint, at timestamptz)
RETURNS TABLE (number bigint, previous_hash bytea, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Adds the next link: over the journals that come next, all of them and no other.
#variable_conflict use_column
DECLARE
    head seals%ROWTYPE;
    link seals%ROWTYPE;
BEGIN
    SELECT * INTO head FROM seals ORDER BY number DESC LIMIT 1;
    link.number := coalesce(head.number, 0) + 1;
    link.previous_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
    link.last_seq := seqs[cardinality(seqs)];
    IF seqs IS DISTINCT FROM (SELECT array_agg(seq ORDER BY seq) FROM journals
                              WHERE seq > coalesce(head.last_seq, 0) AND seq <= link.last_seq)
       OR cardinality(digests) <> cardinality(seqs) THEN
        RAISE check_violation USING MESSAGE = 'a seal is over the journals that come next';
    END IF;
    link.hash := sha256(
        link.previous_hash
        || convert_to(concat_ws(':', link.number, link.last_seq, cardinality(seqs), pence,
                                (extract(epoch FROM at) * 1000000)::bigint), 'UTF8')
        || (SELECT string_agg(digest, '' ORDER BY place)
            FROM unnest(digests) WITH ORDINALITY AS given (digest, place)));
    INSERT INTO seals VALUES (link.number, new_id, link.last_seq, cardinality(seqs), pence,
                              link.previous_hash, link.hash, at);
    INSERT INTO sealed_journals (seq, number, digest)
    SELECT seq, link.number, digest FROM unnest(seqs, digests) AS given (seq, digest);
    RETURN QUERY SELECT link.number, link.previous_hash, link.hash;
END $$
"""
FUNCTIONS = (
    "last_written_seq()",
    "add_seal(uuid, bigint[], bytea[], bigint, timestamptz)",
)


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seal_id", sa.Uuid(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("journals", sa.BigInteger(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(previous_hash) = 32", name=op.f("seals_previous_hash_whole_check")
        ),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("seals_hash_whole_check")),
        sa.CheckConstraint("journals > 0", name=op.f("seals_not_empty_check")),
        sa.PrimaryKeyConstraint("number", name=op.f("seals_pkey")),
        sa.UniqueConstraint("seal_id", name=op.f("seals_seal_id_key")),
    )
    op.create_table(
        "sealed_journals",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "octet_length(digest) = 32", name=op.f("sealed_journals_digest_whole_check")
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["seals.number"], name=op.f("sealed_journals_number_fkey")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("sealed_journals_pkey")),
    )
    op.create_index(op.f("sealed_journals_number_ix"), "sealed_journals", ["number"])
    for table in ("seals", "sealed_journals"):
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute(LAST_WRITTEN_SEQ)
    op.execute(ADD_SEAL)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO budget")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("sealed_journals")
    op.drop_table("seals")
