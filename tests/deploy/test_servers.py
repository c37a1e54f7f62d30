"""The real servers of a stack that lies where no other user may go."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from deploy.local import recorded, steps
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until

pytestmark = pytest.mark.prove  # servers of its own, started and killed


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Servers without queues and tables: the suite's own tests have those."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "preparation", lambda _environments: [])
        made = Stack("deploy", var=tmp_path_factory.mktemp("var"))
        made.start(processes=False)
        yield made
        made.remove()


def listening_addresses(pids: set[int]) -> set[str]:
    """Where these processes listen: the first column of proc(5)'s tables of sockets, in hex."""
    sockets = set()
    for link in (link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()):
        with suppress(FileNotFoundError):  # closed since it was listed
            sockets.add(str(link.readlink()))
    tables = ("/proc/net/tcp", "/proc/net/tcp6")
    rows = (row.split() for table in tables for row in Path(table).read_text().splitlines()[1:])
    listening = (row for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets)
    return {row[1].partition(":")[0] for row in listening}


def pids(stack: Stack) -> set[int]:
    return {int(row.pid) for row in stack.status()}


def test_the_servers_listen_on_the_loopback_address_alone(stack):
    assert {row.process for row in stack.status()} == {"postgres", "epmd", "rabbitmq"}
    assert "0100007F" in listening_addresses(pids(stack))  # 127.0.0.1
    assert listening_addresses(pids(stack)) <= {"0100007F", f"{1 << 24:032X}"}  # and ::1


def test_postgresql_never_runs_as_root_and_lies_where_its_user_can_reach_it(stack):
    (postgres,) = (row for row in stack.status() if row.process == "postgres")

    assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0
    assert all(place.exists() for place in stack.outside_places())
    assert (os.geteuid() == 0) == bool(stack.outside_places())


def test_a_service_reads_and_writes_rows_and_changes_no_table(stack):
    owner_url = stack.migration_environment("budget")["COMMONPURSE_DATABASE_URL"]
    service_url = stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    owner, service = (psycopg2.connect(plain(url)) for url in (owner_url, service_url))
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE pence (amount bigint GENERATED ALWAYS AS IDENTITY, n text)")
    owner.close()

    with service, service.cursor() as cursor:
        cursor.execute("INSERT INTO pence (n) VALUES ('one') RETURNING amount")
        assert cursor.fetchone() == (1,)
    for forbidden in ("CREATE TABLE mine ()", "DROP TABLE pence", "TRUNCATE pence"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), service, service.cursor() as c:
            c.execute(forbidden)
    service.close()


@pytest.mark.parametrize("database", ["assessment", "payments", "notifications", "postgres"])
def test_a_service_cannot_look_into_another_database(stack, database):
    url = stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"]

    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(plain(url).removesuffix("budget") + database)


def test_after_a_kill_the_next_start_has_the_data_and_a_stop_leaves_nothing(stack):
    killed = pids(stack)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not stack.is_running(), patience_seconds=10)

    stack.start(processes=False)

    assert stack.is_running()
    assert not pids(stack) & killed
    url = stack.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    with psycopg2.connect(plain(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT n FROM pence")
        assert cursor.fetchall() == [("one",)]
    connection.close()
    stack.stop(politely=False)
    assert not stack.paths.records()
    assert not any(recorded.STACK_MARK in text for text in environments_of(stack))


def plain(url: str) -> str:
    return url.replace("+psycopg2", "").split("?", maxsplit=1)[0]


def environments_of(stack: Stack) -> list[str]:
    """The environments of all processes that bear this stack's mark."""
    mark = f"{recorded.STACK_MARK}={stack.paths.stack}"
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            text = (directory / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if mark in text.split("\0"):
            found.append(text)
    return found
