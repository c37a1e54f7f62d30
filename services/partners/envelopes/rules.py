"""The envelope of every message: CloudEvents 1.0, structured, in JSON, both ways."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

SOURCE = "/commonpurse/partners"
CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "uk.commonpurse."  # as in shared/contracts/catalogue.py, which no rules may import
DEEPEST = 24  # objects and lists within one another
# A text that never ends goes to the end: looked for from each of its quotes, it would take hours.
_TEXT_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[][{}]', re.DOTALL)


class UnreadableError(Exception):
    """Nobody can be answered: there is no envelope, or none with an id. ``reason`` is a word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message that can be answered: it has an id."""

    message_id: UUID
    attributes: Mapping[str, Any]  # all of CloudEvents' and ours, the data among them

    def text(self, name: str) -> str:
        """Return an attribute, or nothing where it is missing or no text."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) else ""


def opened(body: bytes, *, most_bytes: int) -> Envelope:
    """Read a body as far as anybody can be answered.

    Raises:
        UnreadableError: ``too_large``, ``not_utf8``, ``not_json``, ``too_deep``,
            ``duplicate_key``, ``no_envelope`` or ``no_id``.
    """
    if len(body) > most_bytes:
        raise UnreadableError("too_large")
    read = _read(body)
    if not isinstance(read, dict):
        raise UnreadableError("no_envelope")
    try:
        return Envelope(message_id=UUID(str(read["id"])), attributes=read)
    except (KeyError, ValueError):
        raise UnreadableError("no_id") from None


def _read(body: bytes) -> Any:
    try:
        written = body.decode()
    except UnicodeDecodeError:
        raise UnreadableError("not_utf8") from None
    if _depth(written) > DEEPEST:
        raise UnreadableError("too_deep")
    try:
        return json.loads(written, object_pairs_hook=_once, parse_constant=_no_number)
    except ValueError:
        raise UnreadableError("not_json") from None


def _depth(written: str) -> int:
    """Return how deep it is at most; brackets within texts do not count."""
    depth = deepest = 0
    for sign in _TEXT_OR_BRACKET.findall(written):
        if sign in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "}]":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise UnreadableError("duplicate_key")
    return read


def _no_number(_written: str) -> Any:
    raise ValueError


def envelope(
    data: Mapping[str, Any],
    *,
    message_id: UUID,
    message_type: str,
    subject: str,
    at: datetime,
    correlation_id: UUID,
    causation_id: UUID,
    is_personal: bool = False,
) -> dict[str, Any]:
    """Return a message to a partner in its envelope (CloudEvents 1.0, structured)."""
    return {
        "specversion": "1.0",
        "id": str(message_id),
        "source": SOURCE,
        "type": TYPE_PREFIX + message_type,
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"events/{message_type}.json",
        "correlationid": str(correlation_id),
        "causationid": str(causation_id),
        "dataclass": "personal" if is_personal else "none",
        "data": dict(data),
    }
