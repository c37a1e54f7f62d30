"""What came back, and what is kept of it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from schemathesis import Case, Response

from tests.api.signing_in import Visitor

# What gunicorn answers by itself, in its own words: an address or a header is too long.
OF_THE_SERVER = {400, 414, 431}
SHOWN = 600  # characters


@dataclass
class Tally:
    """What was asked so far, and what was found."""

    asked: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    found: dict[str, str] = field(default_factory=dict)  # what is wrong, and the first to show it
    answered: dict[str, str] = field(default_factory=dict)  # request ids, each with its operation

    def add(self, other: "Tally") -> None:
        self.asked += other.asked
        self.statuses += other.statuses
        self.found = other.found | self.found
        self.answered |= other.answered


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, of what was asked by whom."""

    case: Case
    response: Response
    visitor: Visitor
    operation: str

    @property
    def request_id(self) -> str:
        return self.response.headers.get("x-request-id", [""])[0]

    @property
    def is_of_the_server(self) -> bool:
        kind = self.response.headers.get("content-type", [""])[0]
        return self.response.status_code in OF_THE_SERVER and kind.startswith("text/html")

    def shown(self) -> str:
        """Return what was asked and answered, without the token."""
        request = self.response.request
        key = request.headers.get("Idempotency-Key", "")
        body = request.body or ""
        body = body.decode(errors="replace") if isinstance(body, bytes) else body
        return (
            f"{request.method} {request.url} as {self.visitor.name} key={key!r}\n"
            f"  {body[:SHOWN]}\n  {self.response.status_code} {self.response.text[:SHOWN]}"
        )

    def json(self) -> Any:
        try:
            return self.response.json()
        except ValueError:
            return None
