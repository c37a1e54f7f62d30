"""How a message of a partner is answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from services.partners.envelopes.rules import TYPE_PREFIX

_TYPE = re.compile(r"[a-z_]{1,60}[.][a-z_]{1,60}[.]v[0-9]{1,4}")
REPLIES = UUID("7c1a9c52-3f0b-4b7e-a3a1-5a52b0f3d6c8")
ACCEPTED = "reply.accepted.v1"
REJECTED = "reply.rejected.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a message has no effect, and what its sender can do."""

    code: str
    reason: str
    next_step: str
    field: str = ""  # which is not as it must be


NOT_AN_ENVELOPE = "Read docs/partners: an envelope is CloudEvents 1.0 in JSON."


def invalid_envelope(field: str, reason: str) -> Rejection:
    return Rejection(code="invalid_envelope", reason=reason, next_step=NOT_AN_ENVELOPE, field=field)


def readable_type(cloud_event_type: str) -> str:
    """Return a type as far as it may be shown: what is none is not repeated."""
    name = cloud_event_type.removeprefix(TYPE_PREFIX)
    return name if _TYPE.fullmatch(name) else "unknown"


def reply_id(partner: str, message_id: UUID, digest: str) -> UUID:
    """Return the id of the one reply to a message; its copies are answered by the same."""
    return uuid5(REPLIES, f"{partner}/{message_id}/{digest}")


def reply_type(outcome: Mapping[str, Any] | Rejection) -> str:
    return REJECTED if isinstance(outcome, Rejection) else ACCEPTED


def reply_data(
    outcome: Mapping[str, Any] | Rejection, *, message_id: UUID, message_type: str
) -> dict[str, Any]:
    """Return what a reply says.

    Args:
        outcome: the ids that came of it, or why nothing did.
        message_id: of the message that is answered.
        message_type: its type, as far as it could be read.
    """
    about: dict[str, Any] = {"message_id": str(message_id), "message_type": message_type}
    if not isinstance(outcome, Rejection):
        return {**about, "ids": dict(outcome)}
    said = {"code": outcome.code, "reason": outcome.reason, "next_step": outcome.next_step}
    field = {"field": outcome.field} if outcome.field else {}
    return {**about, **said, **field}


def told_ids(answer: object) -> dict[str, Any]:
    """Return of a service's answer what a partner can refer to later: its ids, and versions."""
    if not isinstance(answer, Mapping):
        return {}
    return {
        name: value
        for name, value in answer.items()
        if name.endswith(("_id", "version")) and isinstance(value, str | int)
    }
