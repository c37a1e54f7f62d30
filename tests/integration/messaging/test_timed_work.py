"""Work that is due at a time: each piece by itself, again when it failed, and by nobody's name."""

import pytest
from sqlalchemy import text

from tests.waiting import eventually


@pytest.fixture
def timed(owners):
    """A table of work; ``timed("SELECT …")`` looks into it or changes it."""

    def execute(sql):
        with owners("budget").begin() as connection:
            result = connection.execute(text(sql))
            return [tuple(row) for row in result] if result.returns_rows else None

    execute(
        "CREATE TABLE timed (work_id bigint PRIMARY KEY, fails boolean NOT NULL,"
        " is_done boolean NOT NULL DEFAULT false, times bigint NOT NULL DEFAULT 0, actor text)"
    )
    yield execute
    execute("DROP TABLE timed")


def test_what_fails_holds_up_nothing_and_is_tried_again(servers, budget, timed, start):
    timed("INSERT INTO timed VALUES (1, true), (2, false)")
    program = start("tests.probe.timed", environment=servers.process_environment("budget"))

    program.await_line("timed_work_failed")
    eventually(lambda: timed("SELECT work_id FROM timed WHERE is_done") == [(2,)])
    assert "name of a person" not in program.output()

    timed("UPDATE timed SET fails = false WHERE work_id = 1")
    eventually(lambda: timed("SELECT count(*) FROM timed WHERE is_done") == [(2,)])
    assert timed("SELECT DISTINCT actor FROM timed") == [("budget/system",)]
    assert not program.has_ended()


def test_two_processes_do_what_is_due_once(servers, budget, timed, start):
    timed("INSERT INTO timed SELECT work_id, false FROM generate_series(1, 40) AS work_id")
    own = servers.process_environment("budget")
    for program in [start("tests.probe.timed", environment=own) for _ in range(2)]:
        program.await_line("service_started")

    eventually(lambda: timed("SELECT count(*) FROM timed WHERE is_done") == [(40,)])
    assert timed("SELECT DISTINCT times FROM timed") == [(1,)]


def test_what_is_due_by_the_hour_is_done_when_a_process_starts(servers, budget, timed, start):
    timed("INSERT INTO timed VALUES (100, false)")

    start("tests.probe.timed", environment=servers.process_environment("budget"))

    eventually(lambda: timed("SELECT times FROM timed WHERE is_done") == [(1,)])
