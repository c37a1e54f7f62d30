"""What can go wrong with a stack, in words for the person who started it."""

from pathlib import Path

SHOWN_LINES = 15


class StackError(Exception):
    """The stack could not do what was asked; ``next_step`` says what to do about it."""

    def __init__(self, message: str, *, next_step: str) -> None:
        super().__init__(f"{message}\n{next_step}")
        self.message = message
        self.next_step = next_step


class StackBusyError(StackError):
    """Another command is at work on this stack."""


def not_ready(process: str, *, log: Path) -> StackError:
    """Say that a process ended, or took too long, before it could do its work."""
    return StackError(
        f"{process!r} ended, or did not become ready. The last it said:\n{tail(log)}",
        next_step=f"The whole log is in {log}.",
    )


def tail(log: Path) -> str:
    """Take the last lines of a log, set in."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"  {line}" for line in lines[-SHOWN_LINES:]) or "  (nothing)"
