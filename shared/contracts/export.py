"""``python -m shared.contracts.export docs/events``: every event as JSON Schema 2020-12.

Written for those who read our events without our code; one file for each event, and one for
the envelope in which they all travel.
"""

import argparse
import inspect
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from shared.contracts.catalogue import SCHEMAS, TYPE_PREFIX
from shared.contracts.event import DataClass

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE_FIELDS = ("event_id", "occurred_at")  # they travel as the envelope's id and time

_UUID = {"type": "string", "format": "uuid"}
_WORDS = {"type": "string"}
# In this order: a class comes before those it is derived from.
_FORMS: tuple[tuple[type[fields.Field[Any]], dict[str, Any]], ...] = (
    (fields.UUID, _UUID),
    (fields.AwareDateTime, {"type": "string", "format": "date-time"}),
    (fields.Date, {"type": "string", "format": "date"}),
    (fields.Boolean, {"type": "boolean"}),
    (fields.Integer, {"type": "integer"}),
    (fields.String, _WORDS),
)


class NoFormError(Exception):
    """A field or a rule of a contract for which JSON Schema was not yet thought of here."""


def documents() -> dict[str, dict[str, Any]]:
    """Return every document by the name of its file."""
    events = {f"{event_type}.json": event_document(event_type) for event_type in SCHEMAS}
    return {"envelope.json": envelope_document(), **dict(sorted(events.items()))}


def event_document(event_type: str) -> dict[str, Any]:
    """Return the form of one event: the envelope, its type, and its data.

    Raises:
        NoFormError: a field has no form here yet.
    """
    schema = SCHEMAS[event_type]
    event_class = schema.event_class
    sequence = {"required": ["sequence"]} if "version" in schema.fields else {}
    return {
        "$schema": DIALECT,
        "$id": f"{event_type}.json",
        "title": event_class.__name__,
        "description": inspect.getdoc(event_class) or "",
        "allOf": [{"$ref": "envelope.json"}],
        "properties": {
            "type": {"const": TYPE_PREFIX + event_type},
            "dataclass": {"const": event_class.data_class.value},
            "dataschema": {"const": f"events/{event_type}.json"},
            "data": form_of_schema(schema, without=ENVELOPE_FIELDS),
        },
        **sequence,
    }


def envelope_document() -> dict[str, Any]:
    """Return the form of the envelope: CloudEvents 1.0 in JSON, and our extensions to it."""
    own = r"[a-z_]+\.[a-z_]+\.v[1-9][0-9]*"
    prefix = re.escape(TYPE_PREFIX)
    properties: dict[str, Any] = {
        "specversion": {"const": "1.0"},
        "id": _UUID,
        "source": {"type": "string", "pattern": "^/commonpurse/[a-z_]+$"},
        "type": {"type": "string", "pattern": f"^{prefix}{own}$"},
        "subject": {"type": "string", "pattern": "^[a-z_]+/[0-9a-f-]{36}$"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "pattern": rf"^events/{own}\.json$"},
        "correlationid": {**_UUID, "description": "The whole story this event belongs to."},
        "causationid": {**_UUID, "description": "The command or event that led to this one."},
        "dataclass": {
            "enum": [value.value for value in DataClass],
            "description": "Between services the data of a personal event is sealed as a whole: "
            "an object with the one field `sealed`. Opened, it has the form given here.",
        },
        "actas": {**_WORDS, "description": "Organisation and role that acted; never a name."},
        "traceparent": {
            "type": "string",
            "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "The span in which it was published, as W3C Trace Context writes it. "
            "Where no spans are recorded, the correlation id and the end of the event's own id.",
        },
        "data": {"type": "object"},
    }
    sequence = {
        "type": "string",
        "pattern": "^[0-9]{20}$",
        "description": "The version of the subject, where it has one; it sorts as text.",
    }
    return {
        "$schema": DIALECT,
        "$id": "envelope.json",
        "title": "The envelope of every event",
        "description": "What a later release adds must be ignored.",
        "type": "object",
        "properties": {**properties, "sequence": sequence},
        "required": list(properties),
    }


def form_of_schema(schema: Schema, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return a form as JSON Schema; where an unknown field is refused, it says so.

    Raises:
        NoFormError: a field or a rule has no form here yet.
    """
    named = {
        field.data_key or name: field
        for name, field in schema.fields.items()
        if name not in without
    }
    strict = {"additionalProperties": False} if schema.unknown == RAISE else {}
    return {
        "type": "object",
        "properties": {name: _form_of(field) for name, field in named.items()},
        "required": [name for name, field in named.items() if field.required],
        **strict,
    }


def _form_of(field: fields.Field[Any]) -> dict[str, Any]:
    form = _plain_form(field)
    for rule in field.validators:
        form |= _limits(rule, form["type"])
    if field.allow_none:
        form["type"] = [form["type"], "null"]
        if "enum" in form:
            form["enum"] = [*form["enum"], None]
    return form


def _plain_form(field: fields.Field[Any]) -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        return form_of_schema(field.schema)
    if isinstance(field, fields.List):
        return {"type": "array", "items": _form_of(field.inner)}
    if isinstance(field, fields.Dict):
        values = field.value_field
        return {"type": "object"} | (
            {} if values is None else {"additionalProperties": _form_of(values)}
        )
    for kind, form in _FORMS:
        if isinstance(field, kind):
            return dict(form)
    raise NoFormError(f"{type(field).__name__} ({field.name})")


def _limits(rule: Any, kind: str) -> dict[str, Any]:
    if isinstance(rule, FunctionType):  # it says more than a schema can
        return {}
    if isinstance(rule, validate.Equal):
        return {"const": rule.comparable}
    if isinstance(rule, validate.Length):
        noun = "Items" if kind == "array" else "Length"
        limits = {f"min{noun}": rule.min, f"max{noun}": rule.max}
        return {name: limit for name, limit in limits.items() if limit is not None}
    if isinstance(rule, validate.OneOf):
        return {"enum": list(rule.choices)}
    if isinstance(rule, validate.Regexp):
        # Python's end of a text is JSON Schema's, whose patterns may match anywhere.
        pattern = str(rule.regex.pattern).removesuffix(r"\Z")
        return {"pattern": f"^{pattern}$"}
    if isinstance(rule, validate.Range) and rule.min_inclusive and rule.max_inclusive:
        limits = {"minimum": rule.min, "maximum": rule.max}
        return {name: limit for name, limit in limits.items() if limit is not None}
    raise NoFormError(f"{type(rule).__name__} among the rules of a field")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m shared.contracts.export", description="Every event as JSON Schema."
    )
    parser.add_argument("directory", type=Path)
    directory: Path = parser.parse_args(arguments).directory
    directory.mkdir(parents=True, exist_ok=True)
    written = documents()
    for stale in {path.name for path in directory.glob("*.json")} - set(written):
        (directory / stale).unlink()
    for name, document in written.items():
        (directory / name).write_text(json.dumps(document, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
