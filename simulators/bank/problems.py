"""How the bank says no: RFC 9457 problems."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class ProblemError(Exception):
    """An order or a question that the bank does not take. Nothing is stored."""

    def __init__(
        self, status: HTTPStatus, detail: str, *, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.fields = dict(fields or {})  # what is wrong, by the field's path

    def as_json(self) -> dict[str, Any]:
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "errors": [{"field": name, "message": text} for name, text in self.fields.items()],
        }
