"""One list of what several services know, page by page."""

import base64
import binascii
import heapq
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from services.gateway.pages import DEFAULT, bad_cursor, page_of

LONGEST_CURSOR = 1_000  # characters

Item = Mapping[str, Any]
Ask = Callable[[str, Mapping[str, Any]], Sequence[Item] | None]  # None: the service is away
Page = tuple[Sequence[Item], str | None, list[str]]  # items, next cursor, who is away


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Which operations give parts of a list, and how the parts become one."""

    operations: tuple[str, ...]
    paged: Callable[..., Page]  # by_due_date or newest_first
    unseen: frozenset[str] = frozenset()  # service.operation of items that are left out …
    seen_by: frozenset[str] = frozenset()  # … but for these roles

    def visible(self, items: Sequence[Item], *, roles: Collection[str]) -> Sequence[Item]:
        """Return what somebody with these roles gets to see."""
        if not self.unseen or self.seen_by & set(roles):
            return items
        return [one for one in items if f"{one['service']}.{one['operation']}" not in self.unseen]


def by_due_date(
    ask: Ask, operations: Sequence[str], *, cursor: str | None = None, limit: int = DEFAULT
) -> Page:
    """Return what is due first; each service gives its most urgent two hundred."""
    found = {operation: ask(operation, {}) for operation in operations}
    items = [one for part in found.values() for one in part or ()]
    items.sort(key=lambda task: (task["due_at"], str(task["task_id"])))
    page, after = page_of(items, cursor=cursor, limit=limit)
    return page, after, _away(found)


def newest_first(
    ask: Ask, operations: Sequence[str], *, cursor: str | None = None, limit: int = DEFAULT
) -> Page:
    """Return what is newest. The cursor says up to where each service's entries were given.

    A service that is away keeps its place in the cursor: what it knows follows, a page later.
    """
    seen = _seen(cursor, operations)
    found = {
        operation: ask(operation, {"before": seen.get(operation), "most": limit})
        for operation in operations
    }
    parts = [[(operation, one) for one in part or ()] for operation, part in found.items()]
    merged = heapq.merge(*parts, key=lambda pair: pair[1]["at"], reverse=True)
    page = list(islice(merged, limit))
    seen |= {operation: one["seq"] for operation, one in page}  # the last of each is its oldest
    after = _cursor(seen) if len(page) == limit else None
    items = [{**one, "service": _service(operation)} for operation, one in page]
    return items, after, _away(found)


def _away(found: Mapping[str, Sequence[Item] | None]) -> list[str]:
    return [_service(operation) for operation, part in found.items() if part is None]


def _service(operation: str) -> str:
    return operation.partition(".")[0]


def _cursor(seen: Mapping[str, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(seen, sort_keys=True).encode()).decode()


def _seen(cursor: str | None, operations: Sequence[str]) -> dict[str, int]:
    if cursor is None:
        return {}
    try:
        if len(cursor) <= LONGEST_CURSOR:
            seen = json.loads(base64.urlsafe_b64decode(cursor))
            is_ours = isinstance(seen, dict) and set(seen) <= set(operations)
            if is_ours and all(type(one) is int and one > 0 for one in seen.values()):
                return seen
    except (binascii.Error, ValueError, RecursionError):
        pass
    raise bad_cursor()
