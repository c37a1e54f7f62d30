"""What every route of Notify's public API has: the check of the key, and a line in the log."""

from typing import Any, cast

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import BadRequest

from simulators.notify import jwt_auth
from simulators.notify.errors import ApiError
from simulators.notify.keys import ApiKey
from simulators.notify.simulation import current_simulation


def public_api(name: str) -> Blueprint:
    """Make a part of the public API, for callers with a key only."""
    part = Blueprint(name, __name__, url_prefix="/v2")
    part.before_request(_check_key)
    part.after_request(_note_request)
    return part


def calling_key() -> ApiKey:
    return cast("ApiKey", g.key)


def json_body() -> Any:
    """Read the body.

    Raises:
        ApiError: 400, it is not JSON.
    """
    try:
        return request.get_json(force=True)
    except BadRequest as error:
        raise ApiError.bad_request("Invalid JSON supplied in POST data") from error


def _check_key() -> None:
    g.key = jwt_auth.calling_key(
        authorization=request.headers.get("Authorization"),
        keys=current_simulation().settings.keys,
        epoch_seconds=current_simulation().clock.token_seconds(),
    )


def _note_request(response: Response) -> Response:
    current_simulation().log.add(
        "request", method=request.method, path=request.path, status_code=response.status_code
    )
    return response
