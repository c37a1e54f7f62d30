"""What a body must be before anybody reads it: JSON, small, not deep, no key twice."""

from http import HTTPStatus
from typing import Any

from flask import Request, json

from services.gateway.problems import ProblemError

DEEPEST = 20
_WITH_BODY = {"POST", "PUT", "PATCH"}


def check(request: Request) -> None:
    """See that a body can be read.

    Raises:
        ProblemError: another type, too large, no UTF-8, no JSON, too deep, or a key twice.
    """
    if request.method not in _WITH_BODY:
        return
    if request.mimetype != "application/json":
        raise _unreadable(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "is no JSON")
    raw = request.get_data(cache=True)
    try:
        document = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no)
    except _TwiceError:
        raise _unreadable(HTTPStatus.BAD_REQUEST, "key_twice", "has a key twice") from None
    except (ValueError, RecursionError):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "not_json", "cannot be read as JSON") from None
    if _depth(document) > DEEPEST:
        raise _unreadable(HTTPStatus.BAD_REQUEST, "too_deep", f"is deeper than {DEEPEST}")
    if not isinstance(document, dict):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "not_an_object", "is no object")
    if "\x00" in str(document):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "bad_character", "holds a character of no text")


class _TwiceError(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _TwiceError
    return document


def _no(word: str) -> Any:
    raise ValueError(word)


def _depth(document: Any) -> int:
    """How deep a document is; read level by level, so that no depth is too much."""
    depth, level = 0, [document]
    while level:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _unreadable(status: HTTPStatus, code: str, what: str) -> ProblemError:
    return ProblemError(
        status, code, f"The body {what}.", next_step="Send one JSON object in UTF-8."
    )
