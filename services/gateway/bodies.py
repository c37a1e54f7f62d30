"""What a body must be before anybody reads it: JSON, small, not deep, no key twice."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Request, current_app, json

from services.gateway.problems import ProblemError

DEEPEST = 20
FORM = "application/x-www-form-urlencoded"
_WITH_BODY = {"POST", "PUT", "PATCH"}

View = TypeVar("View", bound=Callable[..., Any])


def takes_form(view: View) -> View:
    """Mark a view that another standard lets take a form, and no JSON."""
    view.takes_form = True  # type: ignore[attr-defined]
    return view


def _is_for_form(request: Request) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes_form", False)


def check(request: Request) -> None:
    """See that a body can be read.

    Raises:
        ProblemError: another type, too large, no UTF-8, no JSON, too deep, or a key twice.
    """
    if request.method not in _WITH_BODY:
        return
    if _is_for_form(request):
        _check_form(request)
    else:
        _check_json(request)


def _check_json(request: Request) -> None:
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


def _check_form(request: Request) -> None:
    if request.mimetype != FORM:
        raise _unreadable(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "is no form")
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "key_twice", "has a key twice")


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
        status,
        code,
        f"The body {what}.",
        next_step="Send one JSON object in UTF-8, or a form where that is asked for.",
    )
