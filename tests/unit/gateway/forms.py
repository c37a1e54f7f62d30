"""Both sides of a route: what the gateway may send, and what the service takes."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields, missing, validate

from services.gateway.routes import Route
from tests.architecture.entrypoints import service_class

KINDS: tuple[tuple[type[fields.Field], str], ...] = (
    (fields.UUID, "id"),
    (fields.Boolean, "yes or no"),
    (fields.Integer, "whole number"),
    (fields.AwareDateTime, "instant"),
    (fields.Date, "day"),
    (fields.List, "list"),
    (fields.Nested, "part"),
    (fields.Dict, "table"),
    (fields.String, "text"),
)
_IN_ADDRESS = re.compile(r"<(\w+):(\w+)>")
_CONVERTERS = {"uuid": "id", "int": "whole number", "string": "text"}
_OF_VISITOR = {"id": "id", "role": "text", "organisation": "text"}


def form_of(operation: str) -> Schema:
    """Return the form that a service loads the requests of an operation with."""
    service, _, name = operation.partition(".")
    entrypoint = getattr(service_class(service), name)
    found: Schema = inspect.getclosurevars(entrypoint).nonlocals["answer"].keywords["schema"]
    return found


def taken(form: Schema) -> dict[str, fields.Field]:
    """Return the fields of a form by the names they have in a request."""
    return {one.data_key or name: one for name, one in form.fields.items()}


def kind(field: fields.Field) -> str:
    if isinstance(field, fields.Enum):
        return "whole number" if isinstance(field.field, fields.Integer) else "text"
    return next(word for type_, word in KINDS if isinstance(field, type_))


def choices(field: fields.Field) -> set[Any] | None:
    """Return the words that a field takes; None: any."""
    if isinstance(field, fields.Enum):
        return {one.value for one in field.enum}
    rules = [one for one in field.validators if isinstance(one, validate.OneOf)]
    return set(rules[0].choices) if rules else None


def given(route: Route) -> dict[str, str]:
    """Return what is in a request whatever its body says, with the kind of each."""
    return {
        **{name: _CONVERTERS[word] for word, name in _IN_ADDRESS.findall(route.path)},
        **{name: _OF_VISITOR[what] for name, what in route.fills.items()},
        **dict.fromkeys(route.voices, "text"),
        **({route.new: "id"} if route.new else {}),
    }


def differences(ours: Schema, theirs: Schema, already: Mapping[str, str]) -> Iterator[str]:
    """Say where a body of ours, and what is there already, are not what their form takes."""
    sent, wanted = taken(ours), taken(theirs)
    yield from (f"{name} is not known" for name in {*sent, *already} - set(wanted))
    for name, field in wanted.items():
        ours_of_it = sent.get(name)
        if name in already:
            if already[name] != kind(field):
                yield f"{name} is {already[name]}, not {kind(field)}"
        elif ours_of_it is None:
            if field.required:
                yield f"{name} is never given"
        else:
            yield from (f"{name} {what}" for what in _of_field(ours_of_it, field))


def _of_field(ours: fields.Field, theirs: fields.Field) -> Iterator[str]:
    if kind(ours) != kind(theirs):
        yield f"is {kind(ours)}, not {kind(theirs)}"
        return
    is_always_there = ours.required or ours.load_default is not missing
    if theirs.required and not is_always_there:
        yield "may be left out"
    if ours.allow_none and not theirs.allow_none:
        yield "may be null"
    if choices(ours) is not None and choices(ours) != choices(theirs):
        yield f"takes {choices(ours)}, not {choices(theirs)}"
    if isinstance(ours, fields.List) and isinstance(theirs, fields.List):
        yield from (f"each {what}" for what in _of_field(ours.inner, theirs.inner))
    if isinstance(ours, fields.Nested) and isinstance(theirs, fields.Nested):
        yield from (f". {what}" for what in differences(ours.schema, theirs.schema, {}))
