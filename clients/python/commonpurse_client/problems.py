"""What can go wrong with a call, as exceptions."""

from collections.abc import Mapping
from typing import Any

import requests


class CommonPurseError(Exception):
    """Something went wrong with a call, or on the way to one."""


class ProblemError(CommonPurseError):
    """The gateway refused, or could not answer (RFC 9457).

    ``code`` is for programs, ``detail`` and ``next_step`` are for people. ``key`` is the one
    under which it was sent: whoever sends it again takes the same.
    """

    def __init__(
        self,
        *,
        status: int,
        code: str,
        detail: str,
        next_step: str,
        details: Mapping[str, Any],
        request_id: str,
        key: str | None,
    ) -> None:
        super().__init__(f"{code}: {detail} {next_step}".strip())
        self.status = status
        self.code = code
        self.detail = detail
        self.next_step = next_step
        self.details = details
        self.request_id = request_id
        self.key = key


class NotReachedError(CommonPurseError):
    """No answer until the deadline. Whether it was carried out is not known: ``key`` repeats it."""

    def __init__(self, key: str | None) -> None:
        super().__init__("The gateway was not reached before the deadline.")
        self.key = key


class NotAnsweredError(CommonPurseError):
    """A list lacks what these services know, because they are away."""

    def __init__(self, services: list[str]) -> None:
        super().__init__(f"Not in this list is what these services know: {', '.join(services)}.")
        self.services = services


class NotSignedInError(CommonPurseError):
    """Nobody came back from signing in within the time."""


def problem_of(answer: requests.Response, *, key: str | None) -> ProblemError:
    """Return what an answer says went wrong; one that is not the gateway's own says little."""
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        told = {}
    said = told if isinstance(told, dict) else {}
    return ProblemError(
        status=answer.status_code,
        code=str(said.get("code", f"http_{answer.status_code}")),
        detail=str(said.get("detail", "The answer does not say what went wrong.")),
        next_step=str(said.get("next_step", "")),
        details=said.get("details") or {},
        request_id=str(said.get("request_id", answer.headers.get("X-Request-Id", ""))),
        key=key,
    )


def unreadable(answer: requests.Response, *, key: str | None) -> ProblemError:
    """Return that an answer was none of the gateway's."""
    return ProblemError(
        status=answer.status_code,
        code="unreadable_answer",
        detail="The answer is no JSON.",
        next_step="See whether the base address is the gateway's.",
        details={},
        request_id=answer.headers.get("X-Request-Id", ""),
        key=key,
    )
