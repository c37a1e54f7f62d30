"""What a service's revisions do so that its reader sees the rows of those who may be seen."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

SEEN = "ANY (ARRAY(SELECT unnest(nullif(current_setting('commonpurse.people', true), '')::uuid[])))"

SIDE = "current_setting('commonpurse.side', true)"  # an organisation, or * for all


def create_tables(service: str) -> None:
    """Make the tables of ``access.tables``; nobody changes or removes what was written down."""
    op.create_table(
        "relations",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint(
            "person_id", "source", "holder", "relation", name=op.f("relations_pkey")
        ),
    )
    op.create_index("relations_of_holder_ix", "relations", ["holder", "relation"])
    op.create_table(
        "relation_versions",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "source", name=op.f("relation_versions_pkey")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "written_in",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("acting_for", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("audit_entries_pkey")),
    )
    op.create_index("audit_entries_of_person_ix", "audit_entries", ["person_id", "seq"])
    op.create_index("audit_entries_written_in_ix", "audit_entries", ["written_in", "seq"])
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until_xact", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("audit_seals_pkey")),
    )
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries, audit_seals FROM {service}")
    # Tasks are read from errands; what an errand is done with is for no reader.
    columns = "errand_id, kind, state, last_error, next_attempt_at"
    op.execute(f"GRANT SELECT ({columns}) ON errands TO {service}_reader")
    protect(service, {"audit_entries": "person_id", "relations": "person_id"})


def add_instant_of_end() -> None:
    """Let a relation end within a day."""
    op.add_column("relations", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))


def drop_instant_of_end() -> None:
    """Undo ``add_instant_of_end``: what would have ended does."""
    op.execute("DELETE FROM relations WHERE ends_at IS NOT NULL")
    op.drop_column("relations", "ends_at")


def drop_tables(service: str) -> None:
    """Undo ``create_tables``."""
    op.execute(f"REVOKE SELECT ON errands FROM {service}_reader")  # nosec B608  # names in our own revisions
    for table in ("audit_seals", "audit_entries", "relation_versions", "relations"):
        op.drop_table(table)


def open_to_reader(service: str, tables: Iterable[str]) -> None:
    """Let the reader see every row of tables that hold nobody's data."""
    op.execute(f"GRANT SELECT ON {', '.join(sorted(tables))} TO {service}_reader")


def close_to_reader(service: str, tables: Iterable[str]) -> None:
    """Let the reader see nothing of these tables any more."""
    op.execute(f"REVOKE SELECT ON {', '.join(sorted(tables))} FROM {service}_reader")  # nosec B608  # names in our own revisions


def protect(service: str, tables: Mapping[str, str]) -> None:
    """Let the reader see the rows of those people who may be seen, and no others.

    Args:
        service: its role does its own work with every row.
        tables: by their names, the column with the person's id; or ``column>table`` with a
            column that both have: whoever sees the row of that table sees this one; or
            ``column>table.other`` where that table calls it ``other``. A ``?`` behind the
            column: rows without one are nobody's. What begins with ``(`` is the condition.
    """
    for table, whose in tables.items():
        op.execute(f"GRANT SELECT ON {table} TO {service}_reader")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_work ON {table} TO {service} USING (true) WITH CHECK (true)")
        op.execute(
            f"CREATE POLICY in_scope ON {table} FOR SELECT TO {service}_reader"
            f" USING ({_condition(whose)})"
        )


def _condition(whose: str) -> str:
    if whose.startswith("("):
        return whose
    column, _, parent = whose.partition(">")
    column, may_be_missing = column.rstrip("?"), column.endswith("?")
    if parent:
        table, _, other = parent.partition(".")
        condition = f"{column} IN (SELECT p.{other or column} FROM {table} AS p)"  # nosec B608  # names in our own revisions
    else:
        condition = f"{column} = {SEEN}"
    return f"{column} IS NULL OR {condition}" if may_be_missing else condition


def unprotect(tables: Iterable[str]) -> None:
    """Undo ``protect``."""
    for table in tables:
        op.execute(f"DROP POLICY in_scope ON {table}")
        op.execute(f"DROP POLICY own_work ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def narrow(service: str, tables: Mapping[str, str]) -> None:
    """Show of tables with money in them no side but the reader's, whoever may be seen.

    Args:
        service: its role does its own work with every row.
        tables: by their names, the condition of rows that are on the side ``SIDE``.
    """
    # The service may become its reader, so what restricts the reader would restrict it, too.
    reader = f"{service}_reader"
    for table, condition in tables.items():
        op.execute(
            f"CREATE POLICY on_side ON {table} AS RESTRICTIVE FOR SELECT TO {reader}"
            f" USING (current_user <> '{reader}' OR {SIDE} = '*' OR {condition})"
        )


def widen(tables: Iterable[str]) -> None:
    """Undo ``narrow``."""
    for table in tables:
        op.execute(f"DROP POLICY on_side ON {table}")
