"""Every message to the person, as it was worded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from demo.showing.words import moment, name, sentence


def messages(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Quote each message, oldest first."""
    if not found:
        yield "Nothing was sent."
    for message in found:
        if message["body"] is None:  # it waits, or was not to be sent: there are no words yet
            yield from _unsaid(message)
            continue
        yield (
            f"{sentence(name(message['channel']))}, {moment(message['created_at'])},"
            f" {name(message['state'])}:"
        )
        if message.get("subject"):
            yield f"  │ {message['subject']}"
            yield "  │"
        for line in message["body"].split("\n"):
            yield f"  │ {line}".rstrip()
        yield ""


def _unsaid(message: Mapping[str, Any]) -> Iterator[str]:
    because = f", {name(message['reason'])}" if message["reason"] else ""
    yield (
        f"Not sent, {moment(message['created_at'])}, about {name(message['topic'])}:"
        f" {name(message['state'])}{because}."
    )
    yield ""
