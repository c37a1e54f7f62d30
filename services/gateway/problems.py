"""Errors as people and programs get them: problems, after RFC 9457."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, json

MEDIA_TYPE = "application/problem+json"
# How a service's refusal is told over HTTP; whatever is not here is a conflict with how things are.
STATUS = {
    "not_found": HTTPStatus.NOT_FOUND,
    "not_known_yet": HTTPStatus.NOT_FOUND,
    "invalid_request": HTTPStatus.UNPROCESSABLE_ENTITY,
    "id_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not_you": HTTPStatus.FORBIDDEN,
}
RETRY_AFTER_SECONDS = 1


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
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.next_step = next_step
        self.details = details or {}
        self.headers = headers or {}

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
        }
        answer = Response(json.dumps(body), status=self.status, mimetype=MEDIA_TYPE)
        answer.headers.update(self.headers)
        return answer


def refused(refusal: Mapping[str, Any]) -> ProblemError:
    """Return a service's refusal as a problem."""
    status = STATUS.get(refusal["code"], HTTPStatus.CONFLICT)
    may_come = refusal["code"] == "not_known_yet"
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
