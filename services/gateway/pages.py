"""Long lists are given page by page."""

import base64
import binascii
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from services.gateway.problems import ProblemError

MOST = 100  # of one page
DEFAULT = 50


def page_of(
    found: Sequence[Any], *, cursor: str | None = None, limit: int = DEFAULT
) -> tuple[Sequence[Any], str | None]:
    """Return one page, and the cursor of the next one if there is more.

    Raises:
        ProblemError: the cursor is none of ours.
    """
    start = _start(cursor)
    after = start + limit
    is_more = after < len(found)
    return found[start:after], _cursor(after) if is_more else None


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"from:{start}".encode()).decode()


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor).decode().partition(":")
        if word == "from" and number.isdecimal() and number.isascii():
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise bad_cursor()


def bad_cursor() -> ProblemError:
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        "bad_cursor",
        "This cursor is none that was given out here.",
        next_step="Begin with the first page, without a cursor.",
    )
