"""lines from outside, what they are matched with, and suspense"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RULES = ("same_reference", "shared_reference", "parts", "same_amount", "same_day", "by_hand")
WHYS = ("in_doubt", "differs", "adds_up", "nothing_alike")
ONE_SIDE = "num_nonnulls(external_line_id, journal_id) = 1 AND (journal_id IS NULL) = (line IS NULL)"
TABLES = (
    "external_files",
    "external_lines",
    "matches",
    "match_lines",
    "undone_matches",
    "suspense_items",
    "suspense_assignments",
)

ONE_MATCH_AT_A_TIME = """
CREATE FUNCTION refuse_second_match() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
-- A line is in one match at a time. The lock makes two transactions look one after the other.
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reconciliation'));
    IF EXISTS (
        SELECT FROM match_lines AS m
        WHERE (m.external_line_id = NEW.external_line_id
               OR m.journal_id = NEW.journal_id AND m.line = NEW.line)
          AND NOT EXISTS (SELECT FROM undone_matches AS u WHERE u.match_id = m.match_id)
    ) THEN
        RAISE unique_violation USING MESSAGE = 'a line is in one match at a time';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "external_files",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.CheckConstraint(
            "octet_length(sha256) = 32", name=op.f("external_files_sha256_whole_check")
        ),
        sa.CheckConstraint("lines > 0", name=op.f("external_files_not_empty_check")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("external_files_pkey")),
        sa.UniqueConstraint("sha256", name=op.f("external_files_sha256_key")),
    )
    op.create_table(
        "external_lines",
        sa.Column("external_line_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.CheckConstraint(
            "amount_pence <> 0", name=op.f("external_lines_amount_not_zero_check")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["external_files.file_id"], name=op.f("external_lines_file_id_fkey")
        ),
        sa.PrimaryKeyConstraint("external_line_id", name=op.f("external_lines_pkey")),
        sa.UniqueConstraint(
            "source", "external_id", name=op.f("external_lines_source_external_id_key")
        ),
    )
    op.create_index(op.f("external_lines_file_id_ix"), "external_lines", ["file_id"])
    op.create_index(op.f("external_lines_booked_on_ix"), "external_lines", ["booked_on"])
    op.create_table(
        "matches",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column(
            "rule", sa.Enum(*RULES, name="rule", native_enum=False, length=32), nullable=False
        ),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("matches_actor_told_check")),
        sa.CheckConstraint("reason <> ''", name=op.f("matches_reason_told_check")),
        sa.PrimaryKeyConstraint("match_id", name=op.f("matches_pkey")),
    )
    op.create_table(
        "match_lines",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("external_line_id", sa.BigInteger(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(ONE_SIDE, name=op.f("match_lines_of_one_side_check")),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.match_id"], name=op.f("match_lines_match_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["external_line_id"],
            ["external_lines.external_line_id"],
            name=op.f("match_lines_external_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_id", "line"],
            ["postings.journal_id", "postings.line"],
            name=op.f("match_lines_journal_id_line_fkey"),
        ),
        sa.PrimaryKeyConstraint("match_id", "position", name=op.f("match_lines_pkey")),
    )
    op.create_index(
        op.f("match_lines_external_line_id_ix"), "match_lines", ["external_line_id"]
    )
    op.create_index("match_lines_journal_id_line_ix", "match_lines", ["journal_id", "line"])
    op.create_table(
        "undone_matches",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("undone_matches_actor_told_check")),
        sa.CheckConstraint("reason <> ''", name=op.f("undone_matches_reason_told_check")),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.match_id"], name=op.f("undone_matches_match_id_fkey")
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("undone_matches_pkey")),
    )
    op.create_table(
        "suspense_items",
        sa.Column("suspense_id", sa.Uuid(), nullable=False),
        sa.Column("external_line_id", sa.BigInteger(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column(
            "why", sa.Enum(*WHYS, name="why", native_enum=False, length=32), nullable=False
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ONE_SIDE, name=op.f("suspense_items_of_one_side_check")),
        sa.ForeignKeyConstraint(
            ["external_line_id"],
            ["external_lines.external_line_id"],
            name=op.f("suspense_items_external_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_id", "line"],
            ["postings.journal_id", "postings.line"],
            name=op.f("suspense_items_journal_id_line_fkey"),
        ),
        sa.PrimaryKeyConstraint("suspense_id", name=op.f("suspense_items_pkey")),
        sa.UniqueConstraint("external_line_id", name=op.f("suspense_items_external_line_id_key")),
        sa.UniqueConstraint(
            "journal_id", "line", name=op.f("suspense_items_journal_id_line_key")
        ),
    )
    op.create_table(
        "suspense_assignments",
        sa.Column("suspense_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "owner LIKE '_%/_%'", name=op.f("suspense_assignments_owner_told_check")
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("suspense_assignments_actor_told_check")),
        sa.CheckConstraint("reason <> ''", name=op.f("suspense_assignments_reason_told_check")),
        sa.ForeignKeyConstraint(
            ["suspense_id"],
            ["suspense_items.suspense_id"],
            name=op.f("suspense_assignments_suspense_id_fkey"),
        ),
        sa.PrimaryKeyConstraint(
            "suspense_id", "number", name=op.f("suspense_assignments_pkey")
        ),
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        # What is undone, or changes hands, is told by a row of its own: nothing here is changed.
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
    op.execute(ONE_MATCH_AT_A_TIME)
    op.execute(
        "CREATE TRIGGER match_lines_are_in_one_match BEFORE INSERT ON match_lines"
        " FOR EACH ROW EXECUTE FUNCTION refuse_second_match()"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_second_match()")
