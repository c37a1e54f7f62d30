"""The second wall: what the database itself shows to whoever asks a service a question."""

import importlib

import pytest
from sqlalchemy import text

from access.tables import AccessTable
from operations.migrations import tables_of
from shared.contracts import manifest
from shared.messaging.tables import MessagingTable

EVERY_SERVICE = pytest.mark.parametrize("service", manifest.SERVICES)
# What the reader may read of a table: all rows, those in scope, or none.
READ = """
    SELECT c.relname AS name,
           has_table_privilege(:reader, c.oid, 'SELECT') AS is_read,
           c.relrowsecurity AS has_policy,
           EXISTS (SELECT FROM pg_policies AS p WHERE p.tablename = c.relname
                   AND p.policyname = 'in_scope' AND p.roles = ARRAY[CAST(:reader AS name)])
             AS is_in_scope
    FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def tables(engines, service):
    with engines(service).connect() as connection:
        rows = connection.execute(text(READ), {"reader": f"{service}_reader"})
        return {row.name: row for row in rows}


def nobodys(service):
    """Tables of which its revisions say that they hold nobody's data."""
    found = set()
    for path in sorted(importlib.resources.files(f"services.{service}.migrations").glob("**/*.py")):
        module = f"services.{service}.migrations.versions.{path.stem}"
        if path.parent.name == "versions" and path.stem != "__init__":
            found |= set(getattr(importlib.import_module(module), "NOBODYS", ()))
    return found


@EVERY_SERVICE
def test_the_reader_sees_a_table_in_scope_or_one_that_is_nobodys(service, tables):
    own, *_ = tables_of(service)
    expected = {table.name for table in own.sorted_tables}

    in_scope = {name for name, row in tables.items() if row.is_in_scope and row.has_policy}

    assert expected - in_scope == nobodys(service)
    assert {name for name in expected if not tables[name].is_read} == set()


@EVERY_SERVICE
def test_the_reader_sees_nothing_of_what_is_on_its_way(service, tables):
    names = {table.name for table in MessagingTable.metadata.sorted_tables}

    assert {name for name in names if tables[name].is_read} == set()


@EVERY_SERVICE
def test_the_reader_sees_only_who_looked_at_whom_it_may_see(service, tables):
    names = {table.name for table in AccessTable.metadata.sorted_tables}

    assert {name for name in names if tables[name].is_read} == {"audit_entries", "relations"}
    assert tables["audit_entries"].is_in_scope
    assert tables["relations"].is_in_scope


@EVERY_SERVICE
def test_the_reader_writes_nothing(engines, service):
    written = """
        SELECT count(*) FROM pg_class AS c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND has_table_privilege(:reader, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    """
    with engines(service).connect() as connection:
        assert connection.scalar(text(written), {"reader": f"{service}_reader"}) == 0


@EVERY_SERVICE
def test_nobody_changes_or_removes_who_looked(engines, service):
    rights = """
        SELECT privilege_type FROM information_schema.role_table_grants
        WHERE table_name IN ('audit_entries', 'audit_seals') AND grantee = :service
    """
    with engines(service).connect() as connection:
        held = set(connection.scalars(text(rights), {"service": service}))

    assert held == {"SELECT", "INSERT"}


@EVERY_SERVICE
def test_a_service_becomes_no_other_services_reader(engines, service):
    others = [one for one in manifest.SERVICES if one != service]
    with engines(service).connect() as connection:
        member = text("SELECT pg_has_role(:service, :reader, 'MEMBER')")
        reached = [
            other
            for other in others
            if connection.scalar(member, {"service": service, "reader": f"{other}_reader"})
        ]

    assert reached == []
