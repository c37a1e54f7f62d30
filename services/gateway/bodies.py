"""What a request must be before anybody reads it: no key twice, and text that can be kept.

A body is JSON, small and not deep, or a form where another standard asks for one.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Request, current_app, json
from werkzeug.exceptions import RequestEntityTooLarge

from services.gateway.problems import ProblemError
from shared.contracts import documents

DEEPEST = 20
API = "/v1/"  # where a browser comes back from a provider, more is let pass and nothing read
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
    """See that a request can be read.

    Raises:
        ProblemError: a key twice, text of no character; of a body another type, too large, no
            UTF-8, no JSON, or too deep.
    """
    _check_address(request)
    if request.method not in _WITH_BODY:
        return
    if _is_for_form(request):
        _check_form(request)
    else:
        _check_json(request)


def _check_address(request: Request) -> None:
    if not documents.is_storable([*request.args, *request.args.values(), *_ids(request)]):
        raise _unfit_address("bad_character", "holds a character of no text")
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice and request.path.startswith(API):
        raise _unfit_address("key_twice", "has an argument twice")


def _ids(request: Request) -> list[Any]:
    return list((request.view_args or {}).values())


def _check_json(request: Request) -> None:
    if request.mimetype != "application/json":
        raise _unreadable(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "is no JSON")
    raw = _whole(request)
    try:
        document = json.loads(raw.decode("utf-8"), **_STRICTLY)
    except _TwiceError:
        raise _unreadable(HTTPStatus.BAD_REQUEST, "key_twice", "has a key twice") from None
    except (ValueError, RecursionError):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "not_json", "cannot be read as JSON") from None
    if _depth(document) > DEEPEST:
        raise _unreadable(HTTPStatus.BAD_REQUEST, "too_deep", f"is deeper than {DEEPEST}")
    if not isinstance(document, dict):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "not_an_object", "is no object")
    if not documents.is_storable(document):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "bad_character", "holds a character of no text")


def _check_form(request: Request) -> None:
    if request.mimetype != FORM:
        raise _unreadable(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "is no form")
    _whole(request)
    if not documents.is_storable([*request.form, *request.form.values()]):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "bad_character", "holds a character of no text")
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise _unreadable(HTTPStatus.BAD_REQUEST, "key_twice", "has a key twice")


def _whole(request: Request) -> bytes:
    """Return a body that is all there is of it.

    Of one in chunks, which says no length, werkzeug would read as much as may come and leave out
    what is beyond without a word: what was sent would not be what is read.
    """
    raw = request.get_data(cache=True)
    most = request.max_content_length
    if request.content_length is None and most is not None and len(raw) >= most:
        raise RequestEntityTooLarge
    return raw


class _TwiceError(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _TwiceError
    return document


def _no(word: str) -> Any:
    raise ValueError(word)


_STRICTLY: dict[str, Any] = {
    "object_pairs_hook": _unique,
    "parse_constant": _no,
    "parse_float": documents.finite,
}


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


def _unfit_address(code: str, what: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        code,
        f"The address {what}.",
        next_step="Send each argument once, as text in UTF-8.",
    )
