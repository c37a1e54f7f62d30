"""One command at a time for each stack."""

import fcntl
import os
from pathlib import Path

from deploy.local.errors import StackBusyError


class StackLock:
    """A lock that the system gives back when its holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def take(self) -> None:
        """Take the lock; nothing happens if it is ours already.

        Raises:
            StackBusyError: another command holds it.
        """
        if self.is_held:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise StackBusyError(
                f"Another command is at work on the stack {self._path.parent.name!r}.",
                next_step="Wait until it is done, or end it, and try again.",
            ) from error
        self._descriptor = descriptor

    def give_back(self) -> None:
        """Let the next command in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
