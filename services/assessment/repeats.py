"""A request that comes twice is known by the id that its sender chose."""

from dataclasses import asdict
from typing import Any, Protocol

from shared.contracts import documents
from shared.errors import IdReusedError


class _Kept(Protocol):
    @property
    def request_sha256(self) -> str | None: ...  # None: nobody asked for it, it came by itself


def digest(command: Any) -> str:
    """Return what tells a command from another one with the same id."""
    return documents.digest(asdict(command))


def is_repeat(earlier: _Kept | None, command: Any, *, field: str) -> bool:
    """Tell whether ``command`` is the one that was kept under its id, word for word.

    Raises:
        IdReusedError: another one was kept under it.
    """
    if earlier is None:
        return False
    if earlier.request_sha256 != digest(command):
        raise IdReusedError("Another request has this id.", field=field)
    return True
