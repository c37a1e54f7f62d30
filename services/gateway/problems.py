"""Errors as people and programs get them: problems, after RFC 9457."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, json
from werkzeug.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
# How a service's refusal is told over HTTP; whatever is not here is a conflict with how things are.
STATUS = {
    "not_found": HTTPStatus.NOT_FOUND,
    "not_known_yet": HTTPStatus.NOT_FOUND,
    "invalid_request": HTTPStatus.UNPROCESSABLE_ENTITY,
    "id_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not_you": HTTPStatus.FORBIDDEN,
    "changed_meanwhile": HTTPStatus.PRECONDITION_FAILED,
}
# What may be answered otherwise in a moment: the same request, with the same key, is right.
MAY_COME = {"not_known_yet", "in_progress"}
RETRY_AFTER_SECONDS = 1
BUSY_FOR_SECONDS = 2


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        message: str,
        *,
        next_step: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.next_step = next_step
        self.details = details or {}
        self.headers = headers or {}
        self.also = also or {}  # members that another standard asks for

    def response(self) -> Response:
        """Return it as it is sent."""
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.message,
            "code": self.code,
            "next_step": self.next_step,
            "details": dict(self.details),
            "request_id": g.get("request_id", ""),
            **self.also,
        }
        answer = Response(json.dumps(body), status=self.status, mimetype=MEDIA_TYPE)
        answer.headers.update(self.headers)
        return answer


def refused(refusal: Mapping[str, Any]) -> ProblemError:
    """Return a service's refusal as a problem."""
    status = STATUS.get(refusal["code"], HTTPStatus.CONFLICT)
    may_come = refusal["code"] in MAY_COME
    return ProblemError(
        status,
        refusal["code"],
        refusal["message"],
        next_step=refusal["next_step"],
        details=refusal["details"],
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)} if may_come else None,
    )


def not_signed_in() -> ProblemError:
    return ProblemError(
        HTTPStatus.UNAUTHORIZED,
        "not_signed_in",
        "Nobody is signed in.",
        next_step="Sign in, or send a token that is still good.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def not_allowed() -> ProblemError:
    return ProblemError(
        HTTPStatus.FORBIDDEN,
        "not_allowed",
        "Your role may not do this.",
        next_step="Ask somebody whose role may; policy.toml says which roles may do what.",
    )


def of_http(error: HTTPException) -> ProblemError:
    """Return what the framework refused, a form that is not as it must be among it."""
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    wrong = getattr(error, "data", {}).get("messages", {})
    if wrong:
        return ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid_request",
            "These fields are not as they must be: " + ", ".join(sorted(_paths(wrong))) + ".",
            next_step="Mend the fields that the details name and send the request again.",
            details=_paths(wrong),
        )
    return ProblemError(
        status,
        status.name.lower(),
        f"{status.phrase}.",
        next_step="Look at the API's description at /docs.",
        headers={name: value for name, value in error.get_headers() if name == "Allow"},
    )


def fault() -> ProblemError:
    return ProblemError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "fault",
        "Something went wrong here. Somebody is told, and mends it.",
        next_step="Send it again later, with the same Idempotency-Key.",
    )


def busy() -> ProblemError:
    """Return what is said when a database is locked, full or away: it passes by itself."""
    return ProblemError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "busy",
        "Too much is going on here just now.",
        next_step="Send the same request again in a moment, with the same Idempotency-Key.",
        headers={"Retry-After": str(BUSY_FOR_SECONDS)},
    )


def _paths(messages: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return what is wrong by field, never with what the field holds: ``items.0.payer``."""
    found: dict[str, str] = {}
    for name, message in messages.items():
        path = f"{prefix}{name}".removeprefix("json.").removeprefix("query.")
        if isinstance(message, Mapping):
            found |= _paths(message, f"{path}.")
        else:
            found[path] = " ".join(map(str, message))
    return found
