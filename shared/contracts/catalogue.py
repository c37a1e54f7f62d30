"""Every event by its type, and the envelope in which it travels (CloudEvents 1.0 JSON)."""

import inspect
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from shared.contracts import assessment, budget, notifications, payments
from shared.contracts.event import Event, EventSchema
from shared.trace import Trace

TYPE_PREFIX = "uk.commonpurse."
_MODULES = (assessment, budget, payments, notifications)

SCHEMAS: Mapping[str, EventSchema] = {
    schema.event_class.event_type: schema()
    for module in _MODULES
    for _, schema in inspect.getmembers(module, inspect.isclass)
    if issubclass(schema, EventSchema) and schema is not EventSchema
}


class UnreadableEventError(Exception):
    """An envelope that no listener can use; ``reason`` is a word for a person to search by."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def dump(event: Event, *, trace: Trace) -> dict[str, Any]:
    """Return ``event`` in its envelope, ready to be stored and sent."""
    service = event.event_type.split(".", maxsplit=1)[0]
    data = SCHEMAS[event.event_type].dump(event)
    envelope = {
        "specversion": "1.0",
        "id": data.pop("event_id"),
        "source": f"/commonpurse/{service}",
        "type": TYPE_PREFIX + event.event_type,
        "subject": event.subject,
        "time": data.pop("occurred_at"),
        "datacontenttype": "application/json",
        "dataschema": f"events/{event.event_type}.json",
        "correlationid": str(trace.correlation_id),
        "causationid": str(trace.causation_id),
        "dataclass": event.data_class.value,
        "actas": trace.actor,
        "data": data,
    }
    if "version" in data:
        envelope["sequence"] = f"{data['version']:020}"
    return envelope


def load(envelope: Mapping[str, Any]) -> Event:
    """Return the event that an envelope holds.

    Raises:
        UnreadableEventError: ``unsupported_version`` or ``unknown_type`` of event, or
            ``invalid_data``; the text of the data is never part of it.
    """
    schema = SCHEMAS.get(event_type(envelope))
    if schema is None:
        raise UnreadableEventError(_why_unknown(event_type(envelope)))
    data = envelope.get("data")
    if not isinstance(data, dict):
        raise UnreadableEventError("invalid_data")
    try:
        return schema.load(
            {**data, "event_id": envelope.get("id"), "occurred_at": envelope.get("time")}
        )
    except ValidationError as error:
        fields = ",".join(sorted(map(str, error.messages_dict)))
        raise UnreadableEventError(f"invalid_data:{fields}") from None


def event_type(envelope: Mapping[str, Any]) -> str:
    """Return ``budget.hold_placed.v1`` of an envelope's ``type``."""
    return str(envelope.get("type", "")).removeprefix(TYPE_PREFIX)


def trace_of(envelope: Mapping[str, Any]) -> tuple[UUID, UUID]:
    """Return the correlation id of an envelope and its own id, the cause of what follows.

    Raises:
        UnreadableEventError: one of them is not a UUID.
    """
    try:
        return UUID(str(envelope["correlationid"])), UUID(str(envelope["id"]))
    except (KeyError, ValueError):
        raise UnreadableEventError("invalid_envelope") from None


def _why_unknown(unknown: str) -> str:
    noun = unknown.rpartition(".")[0]
    known = any(name.rpartition(".")[0] == noun for name in SCHEMAS)
    return "unsupported_version" if known else "unknown_type"
