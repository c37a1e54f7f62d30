"""The drill: a database is copied, sealed, and brought back whole; what is not whole is refused."""

import base64
import os
import stat

import pytest
from sqlalchemy import make_url, select, text

from operations import backups
from services.budget.agreements.models import BudgetItem
from services.budget.verify import findings
from shared.database import open_engine, open_sessions
from tests.integration.budget.budgets import a_planned_budget

TABLES = text("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
NOWHERE = "postgresql+psycopg2://nobody@127.0.0.1:1/nothing"
WORDS = b"Something that joint pays"


def key(name):
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setenv(backups.KEYS, key("one"))


@pytest.fixture
def source(servers, emptied):
    """A database with a budget in it, as one who owns its tables reaches it."""
    a_planned_budget(emptied("budget"), joint=100_00)
    return servers.migration_environment("budget")["COMMONPURSE_DATABASE_URL"]


@pytest.fixture
def copy(source, tmp_path):
    file = tmp_path / "budget.backup"
    backups.make(file, url=source)
    return file


@pytest.fixture
def empty(servers, administrators):
    """Another database in the cluster, with nothing in it."""
    with (
        administrators("budget")
        .connect()
        .execution_options(isolation_level="AUTOCOMMIT") as connection
    ):
        connection.execute(text("CREATE DATABASE drill TEMPLATE template0"))
        url = make_url(servers.administrator_environment()["COMMONPURSE_DATABASE_URL"])
        yield url.set(database="drill").render_as_string(hide_password=False)
        connection.execute(text("DROP DATABASE drill WITH (FORCE)"))


def rows(url):
    """What every table holds, as text."""
    engine = open_engine(url, pool_size=1)
    with engine.begin() as connection:
        found = {
            table: connection.scalars(text(f"SELECT t::text FROM {table} t ORDER BY 1")).all()  # noqa: S608 - a table's own name
            for table in connection.scalars(TABLES).all()
        }
    engine.dispose()
    return found


def test_what_is_brought_back_is_what_was_there_and_its_books_are_right(
    servers, source, copy, empty
):
    there = servers.administrator_environment()["COMMONPURSE_DATABASE_URL"]
    whole = make_url(there).set(database="budget").render_as_string(hide_password=False)

    backups.restore(copy, url=empty)

    assert rows(empty) == rows(whole)
    engine = open_engine(empty, pool_size=1)
    with open_sessions(engine).begin() as session:
        assert session.scalars(select(BudgetItem.description)).all() == [WORDS.decode()]
        assert list(findings(session)) == []
    engine.dispose()


def test_a_copy_tells_nothing_and_is_for_its_owner_alone(copy):
    assert WORDS not in copy.read_bytes()
    assert b"CREATE TABLE" not in copy.read_bytes()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(backups, "PART_BYTES", 4_000)


def frames(file):
    """The head of a copy, and its parts as they are kept."""
    body = file.read_bytes()
    head, place, found = body[: len(backups.KIND) + 16], len(backups.KIND) + 16, []
    while place < len(body):
        size = 4 + int.from_bytes(body[place : place + 4], "big")
        found.append(body[place : place + size])
        place += size
    return head, found


SPOILT = {
    "cut off": lambda body, _head, _parts: body[:-1],
    "its end is missing": lambda _body, head, parts: head + b"".join(parts[:-1]),
    "a part is missing": lambda _body, head, parts: head + b"".join([parts[0], *parts[2:]]),
    "in another order": lambda _body, head, parts: (
        head + b"".join([parts[1], parts[0], *parts[2:]])
    ),
    "a byte is another": lambda body, _head, _parts: body[:-9] + bytes([body[-9] ^ 1]) + body[-8:],
    "of another copy": lambda body, head, _parts: body.replace(head[-16:], os.urandom(16)),
    "nothing in it": lambda _body, head, _parts: head,
    "no copy": lambda _body, _head, _parts: b"PGDMP",
    "empty": lambda _body, _head, _parts: b"",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_what_is_not_whole_is_refused_before_anything_is_done(small_parts, copy, spoil):
    head, found = frames(copy)
    assert len(found) > 3
    copy.write_bytes(spoil(copy.read_bytes(), head, found))

    with pytest.raises(backups.BrokenBackupError):
        backups.restore(copy, url=NOWHERE)  # who came so far would meet another error


def test_keys_are_changed_and_the_old_ones_open_what_they_sealed(copy, monkeypatch):
    old = os.environ[backups.KEYS]
    monkeypatch.setenv(backups.KEYS, f"{key('two')} {old}")
    assert backups.check(copy) > 0

    monkeypatch.setenv(backups.KEYS, key("two"))
    with pytest.raises(backups.BrokenBackupError, match="unknown_key"):
        backups.check(copy)


def test_a_database_that_cannot_be_read_leaves_no_file(tmp_path, source):
    elsewhere = make_url(source).set(database="nowhere").render_as_string(hide_password=False)

    with pytest.raises(backups.ToolFailedError):
        backups.make(tmp_path / "copy", url=elsewhere)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.prove
def test_a_database_that_holds_something_stays_as_it_is(source, copy, empty):
    backups.restore(copy, url=empty)
    before = rows(empty)

    with pytest.raises(backups.ToolFailedError):
        backups.restore(copy, url=empty)

    assert rows(empty) == before


@pytest.mark.prove
def test_the_program_says_how_it_went(source, copy, empty, monkeypatch, capsys):
    monkeypatch.setenv("COMMONPURSE_DATABASE_URL", empty)
    assert backups.main(["restore", str(copy)]) == 0
    assert backups.main(["restore", str(copy)]) == backups.FAILED
    copy.write_bytes(b"")
    assert backups.main(["check", str(copy)]) == backups.BROKEN
    monkeypatch.delenv(backups.KEYS)
    assert backups.main(["check", str(copy)]) == backups.FAILED
    said = capsys.readouterr()
    assert "Whole: " in said.out
    assert WORDS.decode() not in said.out + said.err
