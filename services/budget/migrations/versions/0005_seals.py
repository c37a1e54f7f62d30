"""seals over the journals"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LAST_WRITTEN_SEQ = """
CREATE FUNCTION last_written_seq() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Waits until nobody is writing a journal: then all numbers up to here are decided. Whoever wants
-- to write meanwhile waits too, so it gives up soon and is asked again.
BEGIN
    PERFORM set_config('lock_timeout', '1000', true);
    LOCK TABLE journals IN SHARE MODE;
    RETURN (SELECT coalesce(max(seq), 0) FROM journals);
END $$
"""


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
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute(LAST_WRITTEN_SEQ)
    op.execute("REVOKE ALL ON FUNCTION last_written_seq() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION last_written_seq() TO budget")


def downgrade() -> None:
    op.execute("DROP FUNCTION last_written_seq()")
    op.drop_table("sealed_journals")
    op.drop_table("seals")
