"""What a start needs before its first server: directories, free ports, the clock's setting."""

import fcntl
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from deploy.local import broker, ports, postgres, state
from deploy.local.paths import StackPaths
from deploy.local.processes import PROCESSES
from deploy.local.servers import PORTS
from deploy.local.state import State

LONGEST_WAKE_DIRECTORY = 60  # characters: the system allows 108 for the whole name of a socket


def prepare(paths: StackPaths, *, clock_starts_at: datetime | None) -> State:
    """Bring the stack's state up for this start: what is there already stays as it is."""
    paths.make_directories()
    current = state.load(paths.state)
    if current is None:
        current = State(node_name=f"{paths.stack.name}-{secrets.token_hex(4)}")
    if clock_starts_at is not None:
        current.clock_offset_seconds = round(clock_starts_at.timestamp() - time.time())
    current.is_ready = False
    with _one_at_a_time(paths):
        names = [*PORTS, *(process.name for process in PROCESSES)]
        current.ports = ports.choose(names, former=current.ports, taken=_ports_of_others(paths))
        current.save(paths.state)
    if not _is_there(current.postgres_home):
        current.postgres_home = str(postgres.choose_home(paths.stack))
        current.save(paths.state)  # at once: a directory elsewhere must not be lost
    if not _is_there(current.broker_home):
        current.broker_home = str(broker.choose_home(paths.stack))
    if not _is_there(current.wake_directory):
        current.wake_directory = str(_wake_directory(paths))
    current.save(paths.state)
    return current


def _wake_directory(paths: StackPaths) -> Path:
    """Make the directory for the sockets by which processes wake one another."""
    preferred = paths.stack / "wake"
    if len(str(preferred)) > LONGEST_WAKE_DIRECTORY:
        return Path(tempfile.mkdtemp(prefix=f"common-purse-{paths.stack.name}-wake-"))
    preferred.mkdir(mode=0o700, exist_ok=True)
    return preferred


@contextmanager
def _one_at_a_time(paths: StackPaths) -> Iterator[None]:
    """Let each stack that starts at this moment see the ports that the others have chosen."""
    folder = os.open(paths.stack.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # given back when it is closed
        yield
    finally:
        os.close(folder)


def _ports_of_others(paths: StackPaths) -> set[int]:
    """List what the other stacks of this checkout count on, whether they run or not."""
    files = (file for file in paths.stack.parent.glob("*/stack.json") if file != paths.state)
    others = [other for file in files if (other := state.load(file)) is not None]
    return {port for other in others for port in other.ports.values()}


def _is_there(directory: str) -> bool:
    return directory != "" and Path(directory).is_dir()
