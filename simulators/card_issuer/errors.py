"""How the card issuer says no: Stripe's error JSON."""

from http import HTTPStatus
from typing import Any


class StripeError(Exception):
    """A request that is not carried out. Nothing is changed."""

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        type: str = "invalid_request_error",  # noqa: A002 - Stripe's name
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code
        self.type = type
        self.status = status

    def as_json(self) -> dict[str, Any]:
        error = {
            "type": self.type,
            "code": self.code,
            "message": self.message,
            "param": self.param,
        }
        return {"error": {name: value for name, value in error.items() if value is not None}}
