"""Notify's error answers: a status, and a list of ``{"error", "message"}``."""

from typing import Any, Self

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException


class ApiError(Exception):
    """An answer other than 2xx.

    Callers of Notify match on the status and on ``error``, never on the message.
    """

    def __init__(self, *, status_code: int, errors: list[dict[str, str]]) -> None:
        super().__init__(f"{status_code} {errors}")
        self.status_code = status_code
        self.errors = errors

    @classmethod
    def of(cls, status_code: int, error: str, message: str) -> Self:
        return cls(status_code=status_code, errors=[{"error": error, "message": message}])

    @classmethod
    def invalid(cls, *messages: str) -> Self:
        """Refuse a body or a query that does not fit its schema; one entry for each message."""
        errors = [{"error": "ValidationError", "message": message} for message in messages]
        return cls(status_code=400, errors=errors)

    @classmethod
    def bad_request(cls, message: str, *, status_code: int = 400) -> Self:
        return cls.of(status_code, "BadRequestError", message)

    @classmethod
    def not_found(cls) -> Self:
        return cls.of(404, "NoResultFound", "No result found")

    def as_wire(self) -> dict[str, Any]:
        return {"status_code": self.status_code, "errors": self.errors}


def register(app: Flask) -> None:
    """Answer every error in Notify's shapes."""

    @app.errorhandler(ApiError)
    def answer_refusal(error: ApiError) -> tuple[Response, int]:
        return jsonify(error.as_wire()), error.status_code

    @app.errorhandler(HTTPException)
    def answer_http_error(error: HTTPException) -> tuple[Response, int]:
        return jsonify(result="error", message=error.description), error.code or 500

    @app.errorhandler(Exception)
    def answer_fault(error: Exception) -> tuple[Response, int]:
        app.logger.error("Unexpected failure", exc_info=error)
        fault = ApiError.of(500, type(error).__name__, "Internal server error")
        return jsonify(fault.as_wire()), fault.status_code
