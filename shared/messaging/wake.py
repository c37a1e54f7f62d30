"""A nudge after a commit, so that the relay and the errands need not poll fast.

One byte to a UNIX datagram socket, best effort: whoever misses it finds the row by polling.
"""

import contextlib
import socket
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

POLL_SECONDS = 0.25


def nudge(directory: str, listener: str) -> None:
    """Wake ``listener`` if it is there."""
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
    ):
        sender.setblocking(False)
        sender.sendto(b"!", str(Path(directory, listener)))


def note(session: Session, listener: str) -> None:
    """Remember that ``listener`` has work once this session commits."""
    session.info.setdefault("nudges", set()).add(listener)


def nudge_after_commit(sessions: sessionmaker[Session], *, directory: str, service: str) -> None:
    """Let every commit of these sessions wake the processes that it left work for."""
    if not directory:
        return

    def after_commit(session: Session) -> None:
        for listener in session.info.pop("nudges", ()):
            nudge(directory, f"{service}-{listener}")

    def after_rollback(session: Session) -> None:
        session.info.pop("nudges", None)

    event.listen(sessions, "after_commit", after_commit)
    event.listen(sessions, "after_rollback", after_rollback)


class Alarm:
    """The other end: waits until somebody nudges, or the poll is due.

    Where two processes wait under one name, the later one hears the nudges and the earlier
    one polls.
    """

    def __init__(self, *, directory: str, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        if directory:
            path = Path(directory, name)
            path.unlink(missing_ok=True)
            self._socket.bind(str(path))

    def wait(self, seconds: float = POLL_SECONDS) -> None:
        """Return at a nudge, or after ``seconds``."""
        self._socket.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            self._socket.recv(1)
        self._socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(1)
