"""NHS Notify's error answers, after JSON:API; those of its token endpoint, after OAuth 2."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask, Response, jsonify

RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a request."""

    code: str
    title: str
    pointer: str | None = None

    def as_wire(self, status: int) -> dict[str, Any]:
        source = {} if self.pointer is None else {"source": {"pointer": self.pointer}}
        return {
            "id": str(uuid4()),
            "code": self.code,
            "status": str(status),
            "title": self.title,
            "detail": self.title,
            **source,
        }


class ApiError(Exception):
    """An answer other than 2xx. Callers match on the status and on ``code``."""

    def __init__(self, status: int, *problems: Problem, retry_after: int | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.problems: Sequence[Problem] = problems
        self.retry_after = retry_after


class TokenError(Exception):
    """No token is given."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(status)
        self.status = status
        self.error = error
        self.description = description


def of(status: int, code: str, title: str, *, retry_after: int | None = None) -> ApiError:
    return ApiError(status, Problem(code=code, title=title), retry_after=retry_after)


def too_many() -> ApiError:
    return of(429, "CM_QUOTA", "Too many requests", retry_after=RETRY_AFTER_SECONDS)


def too_early() -> ApiError:
    return of(425, "CM_RETRY_TOO_EARLY", "Retried too early", retry_after=RETRY_AFTER_SECONDS)


def register(app: Flask) -> None:
    """Answer every error in NHS Notify's shapes."""

    @app.errorhandler(ApiError)
    def answer_refusal(error: ApiError) -> Response:
        answer = jsonify(errors=[problem.as_wire(error.status) for problem in error.problems])
        answer.status_code = error.status
        answer.mimetype = "application/vnd.api+json"
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @app.errorhandler(TokenError)
    def answer_no_token(error: TokenError) -> tuple[Response, int]:
        return jsonify(error=error.error, error_description=error.description), error.status
