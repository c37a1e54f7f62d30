"""What partners' own systems sent about one case, and what each was answered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from demo.showing.words import moment, name

WAYS = {"amqp": "AMQP", "mesh": "MESH"}


def by_partners(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say of each message how it came, and of its reply what it named, the oldest first."""
    for message in found:
        way = WAYS.get(message["transport"], "a way that is no more")
        yield (
            f"{moment(message['received_at'])}: {message['message_type']} by {way}"
            f" from {message['partner']}/{message['system']}"
        )
        yield f"  {_answered(message)}"


def _answered(message: Mapping[str, Any]) -> str:
    reply = message["reply"]
    if reply is None:
        return "Not answered yet."
    if "ids" in reply:
        ids = ", ".join(f"{name(key)} {value}" for key, value in reply["ids"].items())
        return f"Accepted: {ids}" if ids else "Accepted."
    field = f" ({reply['field']})" if reply.get("field") else ""
    return f"Rejected, {reply['code']}{field}: {reply['reason']} {reply['next_step']}"
