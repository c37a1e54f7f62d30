"""JSON as it travels: strict to read, and able to write ids, dates and instants."""

import hashlib
import json
import math
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

LARGEST_MESSAGE_BYTES = 1024 * 1024


class UnreadableDocumentError(Exception):
    """A body that is no JSON object we accept. ``reason`` holds nothing of the body."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(body: bytes | str, *, content_type: str | None) -> dict[str, Any]:
    """Return the JSON object in ``body``.

    Raises:
        UnreadableDocumentError: wrong content type, too large, not JSON, too deep, not an
            object, or text that PostgreSQL cannot store.
    """
    if content_type not in {"application/json", "application/cloudevents+json"}:
        raise UnreadableDocumentError("wrong_content_type")
    raw = body.encode() if isinstance(body, str) else bytes(body)
    if len(raw) > LARGEST_MESSAGE_BYTES:
        raise UnreadableDocumentError("too_large")
    try:
        text = raw.decode()
        document = json.loads(text, parse_constant=_no_number, parse_float=finite)
        has_fit_text = "\\u" not in text or is_storable(document)
    except (ValueError, RecursionError):
        raise UnreadableDocumentError("not_json") from None
    if not isinstance(document, dict):
        raise UnreadableDocumentError("not_an_object")
    if not has_fit_text:
        raise UnreadableDocumentError("bad_character")
    return document


def write(document: Any) -> bytes:
    """Return ``document`` as compact JSON."""
    return json.dumps(document, default=_plain, separators=(",", ":")).encode()


def plain(document: Any) -> Any:
    """Return ``document`` with every id, date and instant as text."""
    return json.loads(write(document))


def digest(document: Any) -> str:
    """Return the SHA-256 of a document, the same for every order of its keys."""
    canonical = json.dumps(document, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_storable(value: Any) -> bool:
    """Tell whether PostgreSQL can store a text: no null character, no half of a surrogate pair."""
    if isinstance(value, str):
        return not any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in value)
    if isinstance(value, dict):
        return all(is_storable(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(map(is_storable, value))
    return True


def _no_number(name: str) -> None:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(name)


def finite(number: str) -> float:
    """Refuse what is too large to be a number here, and would be Infinity."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError
    return value


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    message = f"{type(value).__name__} has no form in JSON"
    raise TypeError(message)
