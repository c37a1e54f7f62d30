"""Every event by its type, and the envelope in which it travels (CloudEvents 1.0 JSON)."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from shared.contracts import assessment, budget, notifications, partners, payments, sealing
from shared.contracts.event import DataClass, Event, EventSchema
from shared.trace import Trace, traceparent_of

TYPE_PREFIX = "uk.commonpurse."
SEALED = "sealed"  # the one field that the data of a personal event has between services
# A package for each service: what it tells, a module for each subject.
_PACKAGES = (assessment, budget, payments)
_MODULES = (
    *(
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in _PACKAGES
        for found in pkgutil.iter_modules(package.__path__)
    ),
    notifications,
    partners,
)

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


def dump(event: Event, *, trace: Trace, traceparent: str = "") -> dict[str, Any]:
    """Return ``event`` in its envelope, ready to be stored and sent.

    ``traceparent`` is of the span in which it is published, if that is recorded.
    """
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
        "traceparent": traceparent or traceparent_of(trace.correlation_id, event.event_id),
        "data": data,
    }
    if "version" in data:
        envelope["sequence"] = f"{data['version']:020}"
    if event.data_class is DataClass.PERSONAL:
        plain = json.dumps(data).encode()
        envelope["data"] = {SEALED: sealing.seal(plain, about=_sealed_about(envelope))}
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
    data = data_of(envelope)
    try:
        return schema.load(
            {**data, "event_id": envelope.get("id"), "occurred_at": envelope.get("time")}
        )
    except ValidationError as error:
        fields = ",".join(sorted(map(str, error.messages_dict)))
        raise UnreadableEventError(f"invalid_data:{fields}") from None


def data_of(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an envelope, opened if it is sealed.

    Raises:
        UnreadableEventError: ``invalid_data``, or ``unknown_key`` or ``broken_seal`` where it
            is sealed and cannot be opened here.
    """
    data = envelope.get("data")
    if not isinstance(data, dict):
        raise UnreadableEventError("invalid_data")
    if SEALED not in data:
        return data
    try:
        plain = sealing.unseal(str(data[SEALED]), about=_sealed_about(envelope))
    except sealing.BrokenSealError as error:
        raise UnreadableEventError(error.reason) from None
    opened: dict[str, Any] = json.loads(plain)
    return opened


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


def _sealed_about(envelope: Mapping[str, Any]) -> str:
    """Name what sealed data belongs to: in another envelope it does not open."""
    return f"{envelope.get('type')} {envelope.get('id')}"


def _why_unknown(unknown: str) -> str:
    noun = unknown.rpartition(".")[0]
    known = any(name.rpartition(".")[0] == noun for name in SCHEMAS)
    return "unsupported_version" if known else "unknown_type"
