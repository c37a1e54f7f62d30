"""Processes that are ours: started with a record, and ended by that record alone.

A record is the line that ``/proc/<pid>/stat`` shows for the process. Its pid and its start
time (in clock ticks since the machine came up) name one process for ever, so a pid that the
system has since given to somebody else is never taken for ours. A process writes its own
record before it becomes the program it is meant to be: none ever runs unrecorded, even when
its starter is killed.
"""

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.system_users import SystemUser, run_as
from deploy.local.waiting import wait_until

STACK_MARK = "COMMONPURSE_STACK"  # in the environment of all that a stack starts
KILL_PATIENCE_SECONDS = 10
RECORD_PATIENCE_SECONDS = 10
# Standard input is the record, open for writing whoever the user is; then it is closed.
WRITE_RECORD_THEN_BECOME = 'read -r line </proc/$$/stat; echo "$line" >&0; exec "$@" </dev/null'

_children: list[subprocess.Popen[bytes]] = []  # of this program, so that they can be reaped


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One process, and never another that bears its pid later."""

    pid: int
    started_at_ticks: int

    def is_running(self) -> bool:
        """Whether this very process still runs."""
        return _seen(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        """Send a signal to this very process, if it still runs."""
        try:
            handle = os.pidfd_open(self.pid)  # names the process, even if the pid goes round
        except ProcessLookupError:
            return
        try:
            if self.is_running():
                signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            pass
        finally:
            os.close(handle)


def _parsed(line: str) -> tuple[Identity, str] | None:
    """Read a line of proc(5): pid (name) state ppid ... starttime, which is the 22nd field."""
    before, _, after = line.rpartition(")")
    try:
        pid, fields = int(before.split("(", 1)[0]), after.split()
        return Identity(pid=pid, started_at_ticks=int(fields[19])), fields[0]
    except (ValueError, IndexError):
        return None


def _seen(pid: int) -> Identity | None:
    """Who bears this pid now, unless it is dead and only waits to be reaped."""
    try:
        seen = _parsed(Path(f"/proc/{pid}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if seen is None or seen[1] in "ZX" else seen[0]


def read(record: Path) -> Identity | None:
    """Read whom a record names; None if there is none, or none that can be read."""
    try:
        parsed = _parsed(record.read_text())
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return None if parsed is None else parsed[0]


def write_own(record: Path) -> None:
    """Record the process that calls this."""
    record.write_text(Path("/proc/self/stat").read_text())


def begin(
    command: Sequence[str | Path],
    *,
    record: Path,
    log: Path,
    environment: Mapping[str, str],
    working_directory: Path,
    user: SystemUser | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, so that no terminal takes it along."""
    with record.open("wb") as record_file, log.open("ab") as log_file:
        child = subprocess.Popen(
            ["/bin/sh", "-c", WRITE_RECORD_THEN_BECOME, "sh", *command],
            stdin=record_file,
            stdout=log_file,
            stderr=log_file,
            env=environment,
            cwd=working_directory,
            start_new_session=True,
            **run_as(user),
        )
    _children.append(child)
    wait_until(
        lambda: child.poll() is not None or read(record) is not None,
        patience_seconds=RECORD_PATIENCE_SECONDS,
    )
    return child


def is_running(record: Path) -> bool:
    """Whether the process of this record runs."""
    _reap()
    identity = read(record)
    return identity is not None and identity.is_running()


def end(
    records: Iterable[Path],
    *,
    first: signal.Signals = signal.SIGTERM,
    patience_seconds: float = 10,
) -> None:
    """End the recorded processes, and remove their records.

    Args:
        records: which processes; a record of one that is gone is only removed.
        first: the signal that asks the program to end; SIGKILL follows.
        patience_seconds: how long it may take over it.
    """
    identities = {record: read(record) for record in records}
    _end([identity for identity in identities.values() if identity], first, patience_seconds)
    for record in identities:
        record.unlink(missing_ok=True)


def end_marked(mark: str) -> None:
    """End what the recorded processes left behind when they were killed: it bears their mark."""
    pids = (int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _bears(mark, entry))
    seen = (_seen(pid) for pid in pids if pid != os.getpid())
    _end([identity for identity in seen if identity], signal.SIGKILL, KILL_PATIENCE_SECONDS)


def _end(identities: Sequence[Identity], first: signal.Signals, patience_seconds: float) -> None:
    def are_gone() -> bool:
        _reap()
        return not any(identity.is_running() for identity in identities)

    for number, patience in ((first, patience_seconds), (signal.SIGKILL, KILL_PATIENCE_SECONDS)):
        for identity in identities:
            identity.send(number)
        if wait_until(are_gone, patience_seconds=patience):
            break


def _bears(mark: str, process: Path) -> bool:
    try:
        environment = (process / "environ").read_bytes()
    except OSError:
        return False
    return f"{STACK_MARK}={mark}".encode() in environment.split(b"\0")


def _reap() -> None:
    """Let go of our own dead children, which would otherwise stay in the list of processes."""
    _children[:] = [child for child in _children if child.poll() is None]
