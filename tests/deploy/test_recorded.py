import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import recorded
from deploy.local.waiting import wait_until

SLEEP = ["/bin/sleep", "600"]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator:
    """Starts programs with a record, and ends what a test leaves."""
    records: list[Path] = []

    def start(command: list[str], *, name: str = "program") -> Path:
        record = tmp_path / f"{name}.pid"
        environment = {recorded.STACK_MARK: str(tmp_path), "PATH": os.defpath}
        recorded.begin(
            command,
            record=record,
            log=tmp_path / f"{name}.log",
            environment=environment,
            working_directory=tmp_path,
        )
        records.append(record)
        return record

    yield start
    recorded.end(records, first=signal.SIGKILL)
    recorded.end_marked(str(tmp_path))


def pid_of(record: Path) -> int:
    identity = recorded.read(record)
    assert identity is not None
    return identity.pid


def test_a_process_is_recorded_as_soon_as_it_is_begun_and_ended_by_its_record(begin):
    record = begin(SLEEP)
    assert recorded.is_running(record)
    pid = pid_of(record)

    recorded.end([record])

    assert not record.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_pid_that_the_system_gave_to_somebody_else_is_left_alone(begin, tmp_path):
    somebody_else = begin(SLEEP)
    before, _, after = somebody_else.read_text().rpartition(")")
    fields = after.split()
    fields[19] = str(int(fields[19]) - 1)  # the recorded process began a moment earlier
    stale = tmp_path / "stale.pid"
    stale.write_text(f"{before}) {' '.join(fields)}")

    assert not recorded.is_running(stale)
    recorded.end([stale])

    assert not stale.exists()
    assert recorded.is_running(somebody_else)


@pytest.mark.parametrize("text", ["", "nonsense", "12 (half a", "9999999 (gone) S 1 1 1"])
def test_a_record_that_cannot_be_read_hinders_nothing(tmp_path, text):
    record = tmp_path / "broken.pid"
    record.write_text(text)

    assert not recorded.is_running(record)
    recorded.end([record])

    assert not record.exists()


def test_a_program_that_will_not_end_is_killed(begin, tmp_path):
    deaf = "trap '' TERM; echo deaf; while :; do sleep 600; done"
    record = begin(["/bin/sh", "-c", deaf])
    log = tmp_path / "program.log"
    assert wait_until(lambda: "deaf" in log.read_text(), patience_seconds=10)

    recorded.end([record], patience_seconds=0.1)

    assert not record.exists()


def test_what_a_killed_program_leaves_behind_is_ended_by_its_mark(begin, tmp_path):
    record = begin(["/bin/sh", "-c", "sleep 600 & echo $!; wait"])
    log = tmp_path / "program.log"
    assert wait_until(lambda: log.read_text().endswith("\n"), patience_seconds=10)
    orphan = Path("/proc") / log.read_text().strip()
    os.kill(pid_of(record), signal.SIGKILL)
    assert wait_until(lambda: not recorded.is_running(record), patience_seconds=10)
    assert (orphan / "cmdline").read_text()

    recorded.end_marked(str(tmp_path))

    assert not orphan.exists() or not (orphan / "cmdline").read_text()


def test_processes_of_another_stack_do_not_bear_the_mark(begin, tmp_path):
    record = begin(SLEEP)

    recorded.end_marked(str(tmp_path / "another"))

    assert recorded.is_running(record)
